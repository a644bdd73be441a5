import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StudioError } from '../../../../electron/contract/errors.ts';
import {
  CUDA_COMMAND,
  requireProvider,
  softwareAdapter,
  startFailure,
  type GpuProvider,
  type System,
} from '../../../../electron/model/engines/providers.ts';

const linux: System = { platform: 'linux', arch: 'x64', libraries: null };

function refusal(provider: GpuProvider, system: System): StudioError | null {
  try {
    requireProvider(provider, system);
    return null;
  } catch (error) {
    return error as StudioError;
  }
}

describe('what a provider needs', () => {
  it('is told for CUDA before any driver is asked: the system, then the libraries with the command', () => {
    const windows = { ...linux, platform: 'win32' } as const;
    expect(refusal('cuda', windows)?.message).toBe(
      'ONNX Runtime’s CUDA provider exists for Linux on x64 only.',
    );
    expect(refusal('cuda', { ...linux, arch: 'arm64' })?.hint).toContain('webgpu');
    expect(refusal('cuda', linux)).toMatchObject({
      code: 'engine-failed',
      message: 'ONNX Runtime’s CUDA libraries are not installed.',
      hint: expect.stringContaining(CUDA_COMMAND),
    });
  });

  it('is there for CUDA when its library is', () => {
    const libraries = mkdtempSync(join(tmpdir(), 'studio-cuda-'));
    writeFileSync(join(libraries, 'libonnxruntime_providers_cuda.so'), '');
    expect(refusal('cuda', { ...linux, libraries })).toBeNull();
    rmSync(libraries, { recursive: true });
  });

  it('is inside the package for WebGPU, on the systems it is made for', () => {
    expect(refusal('webgpu', linux)).toBeNull();
    expect(refusal('webgpu', { ...linux, arch: 'arm64' })?.message).toBe(
      'ONNX Runtime’s WebGPU provider is not made for this system (linux, arm64).',
    );
    expect(refusal('webgpu', { ...linux, platform: 'darwin', arch: 'arm64' })).toBeNull();
  });
});

describe('a provider that does not start', () => {
  const said = (provider: GpuProvider, reason: string): string =>
    startFailure(provider, reason).message;

  it('is explained by the missing adapter', () => {
    const reason =
      '/onnxruntime_src/webgpu_context.cc:136 operator() adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n';
    expect(said('webgpu', reason)).toBe(
      'ONNX Runtime’s WebGPU provider found no usable graphics adapter on this computer.',
    );
  });

  it('is explained by the library that CUDA misses, or by the driver', () => {
    const missing =
      'Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory';
    expect(said('cuda', missing)).toContain('the library libcudnn.so.9 is missing');
    expect(said('cuda', 'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1')).toBe(
      'CUDA found no NVIDIA GPU with a recent driver.',
    );
  });

  it('is otherwise quoted, shortened to one line that ends as a sentence', () => {
    const long = `${'x'.repeat(300)}\nsecond line`;
    const sentence = said('cuda', long);
    expect(sentence).toMatch(/…\.$/);
    expect(sentence).not.toContain('\n');
    expect(said('webgpu', 'the device was lost.')).toBe(
      'ONNX Runtime’s WebGPU provider did not start: the device was lost.',
    );
  });
});

describe('a software adapter', () => {
  it('is known by the driver that Vulkan is told to use', () => {
    const swiftshader = { VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' };
    expect(softwareAdapter(swiftshader)).toBe('SwiftShader, a software adapter');
    expect(softwareAdapter({ VK_DRIVER_FILES: '/usr/share/vulkan/icd.d/lvp_icd.json' })).toBe(
      'llvmpipe, a software adapter',
    );
    expect(softwareAdapter({ VK_ICD_FILENAMES: '/etc/vulkan/nvidia_icd.json' })).toBeNull();
    expect(softwareAdapter({})).toBeNull();
  });
});
