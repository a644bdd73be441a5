import type { Provider } from './teacher.ts';

/** What is known of a server before it is asked. */
export interface ProviderPreset {
  readonly provider: Provider;
  readonly name: string;
  /** Where it listens unless someone changed it; for Azure a form to fill in. */
  readonly baseUrl: string;
  /** Runs on the person's own machine: no key, no price. */
  readonly local: boolean;
  /** Requests at a time that suit it. */
  readonly concurrency: number;
  /** Tokens that its models take unless someone told it otherwise; null where the model decides. */
  readonly contextTokens: number | null;
}

/** Presets in the order in which they are offered. Sources: each project's own documentation. */
export const providerPresets: readonly ProviderPreset[] = [
  {
    provider: 'openai',
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    local: false,
    concurrency: 32,
    contextTokens: null,
  },
  {
    provider: 'azure',
    name: 'Azure OpenAI',
    baseUrl: 'https://RESOURCE.openai.azure.com/openai/v1',
    local: false,
    concurrency: 16,
    contextTokens: null,
  },
  {
    provider: 'ollama',
    name: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    local: true,
    concurrency: 4,
    // Its documentation, "Context length": 4k with less than 24 GiB of GPU memory. Longer prompts
    // are cut off without an error.
    contextTokens: 4_096,
  },
  {
    provider: 'lmstudio',
    name: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    local: true,
    concurrency: 2,
    contextTokens: null,
  },
  {
    provider: 'llamacpp',
    name: 'llama.cpp',
    baseUrl: 'http://localhost:8080/v1',
    local: true,
    concurrency: 4,
    contextTokens: null,
  },
  {
    provider: 'vllm',
    name: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    local: true,
    concurrency: 32,
    contextTokens: null,
  },
];
