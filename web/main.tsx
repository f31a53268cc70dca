import { type ComponentType, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pageAt } from '../protocol/pages.ts';
import { canonicalPath } from '../protocol/paths.ts';
import { type KeyedRole, reloadForLinkedKey, takeLinkedKey } from './app/access-key.ts';
import './styles.css';
import { restoreLostFocus } from './app/focus-recovery.ts';
import { loadPageLanguage } from './app/language.ts';
import { registerServiceWorker } from './app/offline-shell.ts';
import { mendBrowser } from './app/old-browsers.ts';
import { applyTheme, savedTheme } from './app/theme.ts';
import { Banner } from './ui/banner.tsx';
import { Failsafe } from './ui/failsafe.tsx';
import { Shell, WayIn } from './ui/shell.tsx';
import { shared } from './words/shared.ts';
import { loadWords } from './words/spoken.ts';

/** Every `<folder>-page.tsx` is a page and exports its component as `Page`. */
const modules = import.meta.glob<ComponentType>('./pages/*/*-page.tsx', { import: 'Page' });

/** The page for unknown paths. */
const notFound = { name: 'not-found', folder: 'not-found', role: undefined, keepsHeader: undefined } as const;

applyTheme(savedTheme());
addEventListener('hashchange', reloadForLinkedKey);
restoreLostFocus();
registerServiceWorker();
const element = document.getElementById('root');
if (element) void show(element);

/** Loads a page's component. There is no router: a link to another page loads its document. */
async function load(folder: string): Promise<ComponentType> {
  const page = await modules[`./pages/${folder}/${folder}-page.tsx`]?.();
  if (!page) throw new Error(`No web/pages/${folder} draws a page.`);
  return page;
}

/** Corrects the path. The hub does so as well, but not offline. */
function pathOfPage(): string {
  const meant = canonicalPath(location.pathname);
  if (meant === undefined) return location.pathname;
  history.replaceState(history.state, '', meant + location.search + location.hash);
  return meant;
}

/** Signs in with the key of a link. @returns why that is not possible */
async function problemOfKey(role: KeyedRole, key: string): Promise<string | undefined> {
  const loaded = await import('./app/sign-in.ts').catch(() => undefined);
  if (!loaded) return shared().shell.signInMissing;
  await loadWords();
  return loaded.signIn(role, key).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Draws the frame, then loads the page into it. React's `lazy` would delay it by 300 ms. */
async function show(element: HTMLElement): Promise<void> {
  await loadPageLanguage();
  const root = createRoot(element);
  const draw = (content: ReactNode) => root.render(<StrictMode>{content}</StrictMode>);
  const { name, folder, role, keepsHeader = false } = pageAt(pathOfPage()) ?? notFound;
  draw(
    <Shell page={name} keepsHeader={keepsHeader}>
      {null}
    </Shell>,
  );
  const key = takeLinkedKey();
  if (role && key !== undefined) {
    const problem = await problemOfKey(role, key);
    if (problem !== undefined) {
      draw(
        <Shell page={name}>
          <WayIn role={role} problem={problem} />
        </Shell>,
      );
      return;
    }
  }
  try {
    await mendBrowser();
    const Page = await load(folder);
    await loadWords();
    draw(
      <Failsafe page={name}>
        <Page />
      </Failsafe>,
    );
  } catch (error) {
    // The hub went away after it served the frame, or the browser is too old.
    const { tooOld, notStarted } = shared().shell;
    draw(
      <Shell page={name}>
        <Banner tone="trouble">{error instanceof SyntaxError ? tooOld : notStarted}</Banner>
      </Shell>,
    );
  }
}
