import { Builder } from "../meal/builder";

document.querySelectorAll<HTMLElement>("[data-builder]").forEach((root) => new Builder(root));
