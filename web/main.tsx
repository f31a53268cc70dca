import { type ComponentType, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { meantPath } from '../protocol/paths.ts';
import { type KeyedRole, reloadForLinkedKey, signIn, takeLinkedKey } from './app/access-key.ts';
import './styles.css';
import { keepFocus } from './app/kept-focus.ts';
import { speakChosen } from './app/language.ts';
import { keepShell } from './app/offline-shell.ts';
import { mendBrowser } from './app/old-browsers.ts';
import type { PageName } from './app/pages.ts';
import { applyTheme, keptTheme } from './app/theme.ts';
import { Banner } from './ui/banner.tsx';
import { Failsafe } from './ui/failsafe.tsx';
import { Shell, WayIn } from './ui/shell.tsx';
import { shared } from './words/shared.ts';
import { loadWords } from './words/spoken.ts';

interface PageEntry {
  readonly name: PageName;
  /** Whose key an access link to it brings. */
  readonly role?: KeyedRole;
  /** As its shell has it. */
  readonly keepsHeader?: boolean;
  load(): Promise<ComponentType>;
}

/** A page is its path, and going to another one loads it: there is no router. */
const pages: Readonly<Record<string, PageEntry>> = {
  '/': { name: 'home', load: async () => (await import('./pages/home/home-page.tsx')).HomePage },
  '/vendor': {
    name: 'vendor',
    role: 'vendor',
    load: async () => (await import('./pages/shop/shop-page.tsx')).ShopPage,
  },
  '/driver': {
    name: 'driver',
    role: 'driver',
    keepsHeader: true,
    load: async () => (await import('./pages/driver/driver-page.tsx')).DriverPage,
  },
  '/log': {
    name: 'log',
    role: 'admin',
    load: async () => (await import('./pages/log/log-page.tsx')).LogPage,
  },
};

const notFound: PageEntry = {
  name: 'not-found',
  load: async () => (await import('./pages/not-found/not-found-page.tsx')).NotFoundPage,
};

applyTheme(keptTheme());
addEventListener('hashchange', reloadForLinkedKey);
keepFocus();
keepShell();
const element = document.getElementById('root');
if (element) void show(element);

/** Without network nobody but us puts an address right. */
function pathOfPage(): string {
  const meant = meantPath(location.pathname);
  if (meant === undefined) return location.pathname;
  history.replaceState(history.state, '', meant + location.search + location.hash);
  return meant;
}

/** The frame stands while the page loads. Not `lazy`: React holds what it suspended back for 300 ms. */
async function show(element: HTMLElement): Promise<void> {
  await speakChosen();
  const root = createRoot(element);
  const draw = (content: ReactNode) => root.render(<StrictMode>{content}</StrictMode>);
  const page = pages[pathOfPage()] ?? notFound;
  const { name, keepsHeader = false } = page;
  draw(
    <Shell page={name} keepsHeader={keepsHeader}>
      {null}
    </Shell>,
  );
  const key = takeLinkedKey();
  if (page.role && key !== undefined) {
    const problem = await signIn(page.role, key).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem !== undefined) {
      draw(
        <Shell page={name}>
          <WayIn role={page.role} problem={problem} />
        </Shell>,
      );
      return;
    }
  }
  try {
    await mendBrowser();
    const Page = await page.load();
    await loadWords();
    draw(
      <Failsafe page={name}>
        <Page />
      </Failsafe>,
    );
  } catch (error) {
    // The hub went away between the frame and the page, or the browser is older than what is built for.
    const { tooOld, notStarted } = shared().shell;
    draw(
      <Shell page={name}>
        <Banner tone="trouble">{error instanceof SyntaxError ? tooOld : notStarted}</Banner>
      </Shell>,
    );
  }
}
