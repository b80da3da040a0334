// Runs before the first paint, so that nobody gets a white flash at night.
const root = document.documentElement;
const choice = root.dataset["themeChoice"] ?? "auto";
const hour = new Date().getHours();
const isNight = hour >= 19 || hour < 7;
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
const dark = choice === "dark" || (choice === "auto" && (isNight || prefersDark));
root.dataset["theme"] = dark ? "dark" : "light";
