import { Builder } from "../meal/builder";
import { usePageWords } from "../words/words";

await usePageWords();
document.querySelectorAll<HTMLElement>("[data-builder]").forEach((root) => new Builder(root));
