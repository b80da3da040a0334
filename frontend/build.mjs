// Bundles the scripts and styles and copies the fonts into the static folder of the web room.
import { build } from "esbuild";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../src/quietdays/web/static/built");
const modules = path.join(here, "node_modules");

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "fonts"), { recursive: true });

const pages = (await readdir(path.join(here, "src/pages"))).map((f) => path.join(here, "src/pages", f));
await build({
  entryPoints: [...pages, path.join(here, "styles/quietdays.css")],
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  external: ["*.woff2"],
  logLevel: "warning",
});

// Screen: one variable font. Paper: the static cuts that the typesetter needs.
await cp(
  path.join(modules, "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2"),
  path.join(out, "fonts/text.woff2"),
);
const cuts = { "400Regular": "Regular", "400Regular_Italic": "Italic", "700Bold": "Bold" };
for (const folder of Object.keys(cuts)) {
  const name = `AtkinsonHyperlegibleNext_${folder}.ttf`;
  await cp(path.join(modules, "@expo-google-fonts/atkinson-hyperlegible-next", folder, name), path.join(out, "fonts", name));
}
