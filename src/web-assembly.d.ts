/** What this project uses of WebAssembly: TypeScript declares it only together with the DOM, which Node does not have. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: "WebAssembly.Module";
  }
  interface RuntimeError extends Error {}
  const RuntimeError: new (message?: string) => RuntimeError;
  function compile(bytes: Uint8Array): Promise<Module>;
}
