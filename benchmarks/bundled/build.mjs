// Builds one page with every bundler into a folder of its own: node build.mjs APP FROM TO
// FROM is a copy of the page's folder, TO gets <way>/index.html and what it loads.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const [app, from, to] = process.argv.slice(2);
const html = await readFile(join(from, "index.html"), "utf8");
const entry = join(from, html.match(/src="\.\/(src\/main\.\w+)"/)[1]);
const PACKAGES = ["react-ga4", "mixpanel-browser", "@segment/analytics-next"];
const OLD = { targets: "ie 11" };
const NEW = { targets: "last 2 chrome versions" };
const presets = (env, runtime = "automatic") => [
  [require.resolve("@babel/preset-env"), env],
  [require.resolve("@babel/preset-react"), { runtime }],
  require.resolve("@babel/preset-typescript"),
];

const page = async (folder, script = "main.js", type = "") => {
  const tag = `<script ${type} src="./${script}"></script>`;
  await writeFile(join(folder, "index.html"), html.replace(/<script type="module".*<\/script>/, tag));
};

async function webpack(way, options) {
  const { default: run } = await import("webpack");
  const folder = join(to, way);
  const { env = NEW, runtime, external, ...rest } = options;
  const loader = { loader: require.resolve("babel-loader"), options: { presets: presets(env, runtime) } };
  const config = {
    entry,
    context: from,
    output: { path: folder, filename: "main.js", chunkFilename: "[name].chunk.js" },
    externals: external ? Object.fromEntries(PACKAGES.map((name) => [name, `commonjs ${name}`])) : {},
    resolve: { extensions: [".ts", ".tsx", ".js", ".jsx"], modules: [join(HERE, "node_modules")] },
    module: { rules: [{ test: /\.[jt]sx?$/, exclude: /node_modules/, use: loader }] },
    performance: { hints: false },
    ...rest,
  };
  await new Promise((done, failed) =>
    run(config, (trouble, stats) =>
      trouble || stats.hasErrors() ? failed(trouble ?? stats.toString("errors-only")) : done(),
    ),
  );
  await page(folder);
}

async function esbuild(way, options) {
  const { build } = await import("esbuild");
  const { external, ...rest } = options;
  const folder = join(to, way);
  await build({
    entryPoints: [entry],
    bundle: true,
    outfile: join(folder, "main.js"),
    jsx: "automatic",
    nodePaths: [join(HERE, "node_modules")],
    external: external ? PACKAGES : [],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
    ...rest,
  });
  await page(folder, "main.js", options.format === "esm" ? 'type="module"' : "");
}

async function vite(way, options) {
  const { build } = await import("vite");
  await build({
    root: from,
    configFile: false,
    logLevel: "error",
    base: "./",
    esbuild: { jsx: "automatic" },
    build: { outDir: join(to, way), emptyOutDir: true, ...options },
  });
}

async function rollup(way, options) {
  const { rollup: run } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  const { default: commonjs } = await import("@rollup/plugin-commonjs");
  const { default: replace } = await import("@rollup/plugin-replace");
  const { transform } = await import("esbuild");
  const plain = {
    name: "plain",
    transform: async (code, id) =>
      /\.(tsx?|jsx)$/.test(id)
        ? transform(code, { loader: id.split(".").pop(), jsx: options.jsx ?? "automatic", sourcemap: true, sourcefile: id })
        : null,
  };
  const folder = join(to, way);
  const bundle = await run({
    input: entry,
    external: options.external ? PACKAGES : [],
    plugins: [
      nodeResolve({ browser: true, extensions: [".js", ".jsx", ".ts", ".tsx"], modulePaths: [join(HERE, "node_modules")] }),
      replace({ preventAssignment: true, values: { "process.env.NODE_ENV": '"production"' } }),
      commonjs(),
      plain,
    ],
    onwarn: () => {},
  });
  const { output } = await bundle.generate({
    format: options.format,
    name: "page",
    inlineDynamicImports: true,
    sourcemap: options.sourcemap ?? false,
    globals: Object.fromEntries(PACKAGES.map((name) => [name, name.replace(/\W(\w)?/g, (_, letter) => letter?.toUpperCase() ?? "")])),
  });
  await mkdir(folder, { recursive: true });
  let { code, map } = output[0];
  if (options.minify) ({ code } = await options.minify(code));
  if (map) {
    await writeFile(join(folder, "main.js.map"), map.toString());
    code += "\n//# sourceMappingURL=main.js.map\n";
  }
  await writeFile(join(folder, "main.js"), code);
  await page(folder, "main.js", options.format === "es" ? 'type="module"' : "");
}

async function parcel(way, options) {
  const folder = join(to, way);
  const flags = options.minify ? [] : ["--no-optimize"];
  if (!options.map) flags.push("--no-source-maps");
  if (!options.hoist) flags.push("--no-scope-hoist");
  await promisify(execFile)(
    process.execPath,
    [require.resolve("parcel/lib/bin.js"), "build", join(from, "index.html"), "--dist-dir", folder,
      "--no-cache", "--no-autoinstall", "--public-url", "./", "--log-level", "error", ...flags],
    { cwd: from, env: { ...process.env, NODE_ENV: "production" } },
  );
}

const minifiers = {
  terser: async (code) => (await import("terser")).minify(code, { compress: { passes: 3, unsafe: true }, mangle: { toplevel: true } }),
  uglify: async (code) => {
    const done = (await import("uglify-js")).default.minify(code, { toplevel: true });
    if (done.error) throw done.error;
    return done;
  },
  swc: async (code) => (await import("@swc/core")).minify(code, { compress: true, mangle: true }),
  swcOld: async (code) =>
    (await import("@swc/core")).transform(code, { jsc: { target: "es5" }, minify: true }),
  tscOld: async (code) => {
    const ts = (await import("typescript")).default;
    const options = { target: ts.ScriptTarget.ES5, allowJs: true, lib: ["es2020", "dom"] };
    return { code: ts.transpile(code, options) };
  },
  babelOld: async (code) =>
    (await import("@babel/core")).transformAsync(code, {
      presets: [[require.resolve("@babel/preset-env"), OLD]],
      configFile: false,
      compact: false,
    }),
};

const ways = {
  "webpack-production": () => webpack("webpack-production", { mode: "production" }),
  "webpack-production-map": () => webpack("webpack-production-map", { mode: "production", devtool: "source-map" }),
  "webpack-production-old": () =>
    webpack("webpack-production-old", { mode: "production", env: OLD, runtime: "classic", target: ["web", "es5"] }),
  "webpack-whole-modules": () =>
    webpack("webpack-whole-modules", { mode: "production", optimization: { concatenateModules: false } }),
  "webpack-named-modules": () =>
    webpack("webpack-named-modules", { mode: "production", optimization: { minimize: false, concatenateModules: false } }),
  "webpack-development-eval": () => webpack("webpack-development-eval", { mode: "development", devtool: "eval" }),
  "webpack-development-eval-map": () =>
    webpack("webpack-development-eval-map", { mode: "development", devtool: "eval-source-map" }),
  "webpack-development-map": () =>
    webpack("webpack-development-map", { mode: "development", devtool: "source-map" }),
  "webpack-development-old": () =>
    webpack("webpack-development-old", { mode: "development", devtool: false, env: OLD, runtime: "classic" }),
  "esbuild-esm": () => esbuild("esbuild-esm", { format: "esm" }),
  "esbuild-iife": () => esbuild("esbuild-iife", { format: "iife" }),
  "esbuild-cjs": () => esbuild("esbuild-cjs", { format: "cjs" }),
  "esbuild-iife-minified": () => esbuild("esbuild-iife-minified", { format: "iife", minify: true }),
  "esbuild-esm-minified": () => esbuild("esbuild-esm-minified", { format: "esm", minify: true }),
  "esbuild-cjs-minified": () => esbuild("esbuild-cjs-minified", { format: "cjs", minify: true }),
  "esbuild-es2015-minified": () =>
    esbuild("esbuild-es2015-minified", { format: "iife", minify: true, target: "es2015", jsx: "transform", banner: { js: "" } }),
  "esbuild-minified-map": () =>
    esbuild("esbuild-minified-map", { format: "iife", minify: true, sourcemap: "inline" }),
  "vite": () => vite("vite", {}),
  "vite-map": () => vite("vite-map", { sourcemap: true }),
  "vite-unminified": () => vite("vite-unminified", { minify: false }),
  "vite-terser-es2015": () => vite("vite-terser-es2015", { minify: "terser", target: "es2015" }),
  "rollup-es": () => rollup("rollup-es", { format: "es" }),
  "rollup-iife": () => rollup("rollup-iife", { format: "iife" }),
  "rollup-umd-map": () => rollup("rollup-umd-map", { format: "umd", sourcemap: true }),
  "rollup-terser": () => rollup("rollup-terser", { format: "iife", minify: minifiers.terser }),
  "rollup-uglify": () => rollup("rollup-uglify", { format: "iife", minify: minifiers.uglify }),
  "rollup-swc": () => rollup("rollup-swc", { format: "iife", minify: minifiers.swc }),
  "rollup-swc-es5": () => rollup("rollup-swc-es5", { format: "iife", minify: minifiers.swcOld }),
  "rollup-tsc-es5": () => rollup("rollup-tsc-es5", { format: "iife", minify: minifiers.tscOld }),
  "rollup-babel-es5": () => rollup("rollup-babel-es5", { format: "iife", minify: minifiers.babelOld }),
  "parcel": () => parcel("parcel", { minify: true, hoist: true }),
  "parcel-map": () => parcel("parcel-map", { minify: true, hoist: true, map: true }),
  "parcel-unminified": () => parcel("parcel-unminified", { hoist: true }),
  "parcel-required": () => parcel("parcel-required", { minify: true }),
};
if (app === "packages") {
  ways["webpack-external"] = () => webpack("webpack-external", { mode: "production", external: true });
  ways["rollup-external"] = () => rollup("rollup-external", { format: "es", external: true, minify: minifiers.terser });
  ways["esbuild-external"] = () => esbuild("esbuild-external", { format: "esm", external: true, minify: true });
  ways["esbuild-external-cjs"] = () =>
    esbuild("esbuild-external-cjs", { format: "cjs", external: true, minify: true });
}

for (const [way, make] of Object.entries(ways)) {
  try {
    await make();
    console.log(`built ${way}`);
  } catch (trouble) {
    await rm(join(to, way), { recursive: true, force: true });
    console.log(`failed ${way}: ${String(trouble?.message ?? trouble).split("\n").slice(0, 3).join(" ")}`);
  }
}
