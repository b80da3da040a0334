// Bundles the scripts and styles and copies the fonts into the static folder of the web room.
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { build } from "esbuild";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../src/quietdays/web/static/built");
const modules = path.join(here, "node_modules");

await rm(out, { recursive: true, force: true });
for (const folder of ["fonts", "icons"]) await mkdir(path.join(out, folder), { recursive: true });

const common = {
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  minify: true,
  target: "es2022",
  external: ["*.woff2"],
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};
const pages = (await readdir(path.join(here, "src/pages"))).map((f) => path.join(here, "src/pages", f));
await build({ ...common, entryPoints: [...pages, path.join(here, "styles/quietdays.css")], format: "esm" });
// Classic scripts: the night log sets day or night before the first paint; a worker is no module everywhere.
const classic = ["log/log.tsx", "worker/sw.ts"].map((f) => path.join(here, "src", f));
await build({ ...common, entryPoints: classic, format: "iife" });

// Screen: a variable font for each kind of letters. Paper: the static cuts that the typesetter needs.
const screen = { text: ["atkinson-hyperlegible-next", "latin"], arabic: ["noto-sans-arabic", "arabic"], devanagari: ["noto-sans-devanagari", "devanagari"] };
for (const [name, [family, letters]] of Object.entries(screen)) {
  const file = `@fontsource-variable/${family}/files/${family}-${letters}-wght-normal.woff2`;
  await cp(path.join(modules, file), path.join(out, `fonts/${name}.woff2`));
}
const families = {
  "atkinson-hyperlegible-next": ["AtkinsonHyperlegibleNext", ["400Regular", "400Regular_Italic", "700Bold"]],
  "noto-sans-arabic": ["NotoSansArabic", ["400Regular", "700Bold"]],
  "noto-sans-devanagari": ["NotoSansDevanagari", ["400Regular", "700Bold"]],
};
for (const [folder, [family, cuts]] of Object.entries(families)) {
  for (const cut of cuts) {
    const name = `${family}_${cut}.ttf`;
    await cp(path.join(modules, "@expo-google-fonts", folder, cut, name), path.join(out, "fonts", name));
  }
}

// The app's icons, drawn from the one picture. A maskable icon fills its square, whatever shape a phone cuts from it.
await initWasm(await readFile(path.join(modules, "@resvg/resvg-wasm/index_bg.wasm")));
const picture = await readFile(path.join(here, "../src/quietdays/web/static/web/icon.svg"), "utf8");
const full = picture.replace(' rx="14"', "").replace('viewBox="0 0 64 64"', 'viewBox="-8 -8 80 80"').replace("<rect ", '<rect x="-8" y="-8" ').replace('width="64" height="64"', 'width="80" height="80"');
const icons = { "icon-192": [picture, 192], "icon-512": [picture, 512], "icon-180": [full, 180], "icon-maskable": [full, 512] };
for (const [name, [svg, width]] of Object.entries(icons)) {
  const png = new Resvg(svg, { fitTo: { mode: "width", value: width } }).render().asPng();
  await writeFile(path.join(out, "icons", `${name}.png`), png);
}
