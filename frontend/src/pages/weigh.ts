// Keeps the screen awake while somebody weighs with both hands.
async function stayAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A low battery or an old phone refuses; the page works all the same.
  }
}

void stayAwake();
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void stayAwake());
