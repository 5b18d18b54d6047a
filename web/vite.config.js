import { defineConfig } from "vite";

export default defineConfig({
  // Addresses relative to each file: the assets work under any path the application is mounted at.
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/graph_api/http/assets",
    emptyOutDir: true,
    assetsDir: "",
    // The page finds the hashed names here; everything else in the folder may be cached for ever.
    manifest: "manifest.json",
    license: { fileName: "licenses.md" },
    sourcemap: false,
    modulePreload: { polyfill: false },
    // Monaco is one chunk of about 3 MB, loaded once and then cached.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: "src/main.tsx",
      onLog(level, log, report) {
        // "use client" means nothing outside a server framework.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
  worker: { format: "es" },
});
