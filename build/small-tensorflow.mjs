/**
 * TensorFlow.js keeps its engine where every copy of the library in a process or page finds it, and
 * with it one choice of backend for all. This copy keeps its own to itself.
 */
const ownGlobals = `
  const own = {};
  const values = new Map();
  export const getGlobalNamespace = () => own;
  export function getGlobal(key, create) {
    if (!values.has(key)) values.set(key, create());
    return values.get(key);
  }
`;

/**
 * How TensorFlow.js goes into a bundle that runs in a page and in Node: its core without gradients,
 * optimizers and chained operations; of the WebAssembly backend's two loaders the one without
 * threads; and that one as in a page, since it is handed its binary and must not look for files.
 */
export function smallTensorFlow() {
  return {
    name: 'small-tensorflow',
    enforce: 'pre',
    config: () => ({
      resolve: {
        alias: [
          { find: /^@tensorflow\/tfjs-core$/, replacement: '@tensorflow/tfjs-core/dist/base.js' },
        ],
      },
    }),
    load(id) {
      if (/tfjs-core[\\/]dist[\\/]global_util\.js$/.test(id)) return ownGlobals;
      return /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/.test(id)
        ? 'export default null; export const wasmWorkerContents = "";'
        : null;
    },
    transform(code, id) {
      if (!/wasm-out[\\/]tfjs-backend-wasm\.js$/.test(id)) return null;
      const asked = 'ENVIRONMENT_IS_NODE=typeof process=="object"';
      const listeners = 'typeof process!=="undefined"';
      if (!code.includes(asked) || !code.includes(listeners)) {
        throw new Error('The loader of TensorFlow.js is not the one that is known here.');
      }
      return code
        .replace(asked, 'ENVIRONMENT_IS_NODE=false&&typeof process=="object"')
        .replaceAll(listeners, 'false');
    },
  };
}
