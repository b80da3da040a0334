// What stands around every screen: the child's name, the emergency card, what was just said, the way to other pages.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { app, type Toast } from "../app";
import { Ringing } from "./ringing";
import { useApp } from "./use";
import { isChecked, say } from "../../words/words";

export function Icon({ name }: { name: string }): JSX.Element {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** One screen with its heading; coming to it moves the focus there, for those who cannot see it change. */
export function Frame(props: { title: string; isHome?: boolean; isEmergency?: boolean; children: ComponentChildren }): JSX.Element {
  const { today } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · Quiet Days`;
  }, [props.title]);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [location.hash]);
  return (
    <div class={`shell shell--child${props.isHome ? " home" : ""}`}>
      <a class="skip" href="#main" onClick={skip}>
        {say("Skip to the page")}
      </a>
      <header class="top">
        {props.isHome ? (
          <a class="top__name" href="#/">
            {today?.child.name ?? "Quiet Days"}
          </a>
        ) : (
          <a class="button button--small" href="#/">
            <Icon name="back" />
            {say("Back")}
          </a>
        )}
        <a class="button button--urgent button--small" href="#/emergency">
          <Icon name="alert" />
          {say("Emergency")}
        </a>
      </header>
      {today && <Pages child={today.child.id} />}
      <main id="main" class="main" tabIndex={-1}>
        <Toasts />
        {!props.isEmergency && <Ringing />}
        <div class={`column${props.isHome ? " home-grid" : ""}`}>
          <h1 ref={heading} tabIndex={-1} class={props.isHome ? "hidden" : ""}>
            {props.title}
          </h1>
          {props.children}
        </div>
        {props.isEmergency && <Ringing />}
      </main>
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault(); // the address names the screen
  document.getElementById("main")?.focus();
}

/** The other pages are the server's and need a network. */
function Pages({ child }: { child: string }): JSX.Element {
  const base = `/c/${child}`;
  const mayRead = useApp().view?.today.may_read !== false;
  const past = [
    [say("Diary"), `${base}/diary/`, "diary"],
    [say("Weeks"), `${base}/week/`, "week"],
  ] as const;
  const pages = [
    [say("Now"), "#/", "home"],
    ...(mayRead ? past : []),
    [say("Diet"), `${base}/plan/${app.date()}/`, "diet"],
    [say("More"), `${base}/settings/`, "more"],
  ] as const;
  return (
    <nav class="nav" aria-label={say("Pages")}>
      {pages.map(([name, href, icon]) => (
        <a key={icon} href={href} aria-current={icon === "home" ? "page" : undefined}>
          <Icon name={icon} />
          {name}
        </a>
      ))}
    </nav>
  );
}

export function Toasts(): JSX.Element {
  const { toasts } = useApp();
  return (
    <div class="messages" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <Said key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

/** Under what may be acted on, and on the phone's own screen: nobody with the language has signed it yet. */
export function Unchecked(): JSX.Element | null {
  if (isChecked()) return null;
  return <p class="soft">{say("This translation has not yet been checked by a native clinician.")}</p>;
}

function Said({ toast }: { toast: Toast }): JSX.Element {
  const { undo } = toast;
  const takeBack = (): void => {
    app.untell(toast.id);
    void undo?.();
  };
  return (
    <div class={`message${toast.isError ? " message--error" : ""}`}>
      <p>{toast.text}</p>
      {undo && (
        <button type="button" class="button button--small" onClick={takeBack}>
          {say("Undo")}
        </button>
      )}
    </div>
  );
}
