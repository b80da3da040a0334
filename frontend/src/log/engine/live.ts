// Staying in touch while the app is open: by polling, for reasons told in docs/sync.md#changes.

export const VISIBLE_MS = 4_000;
export const HIDDEN_MS = 60_000;

export function stayInTouch(contact: () => Promise<void>): void {
  let timer = 0;
  const again = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void now(), document.hidden ? HIDDEN_MS : VISIBLE_MS);
  };
  const now = async (): Promise<void> => {
    await contact();
    again();
  };
  for (const [target, type] of [
    [window, "online"],
    [window, "offline"],
    [window, "pageshow"],
    [document, "visibilitychange"],
  ] as const) {
    target.addEventListener(type, () => void now());
  }
  again();
}
