import { type ComponentType, lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import './styles.css';
import { NotFoundPage } from './pages/not-found/not-found-page.tsx';
import { applyTheme, keptTheme } from './theme.ts';

/** A page is its path, and going to another one loads it: there is no router. */
const pages: Readonly<Record<string, ComponentType>> = {
  '/': lazy(async () => ({ default: (await import('./pages/home/home-page.tsx')).HomePage })),
  '/vendor': lazy(async () => ({ default: (await import('./pages/vendor/vendor-page.tsx')).VendorPage })),
  '/driver': lazy(async () => ({ default: (await import('./pages/driver/driver-page.tsx')).DriverPage })),
  '/log': lazy(async () => ({ default: (await import('./pages/log/log-page.tsx')).LogPage })),
};

applyTheme(keptTheme());
const root = document.getElementById('root');
if (root) {
  const path = location.pathname.replace(/(?<=.)\/+$/u, '');
  const Page = pages[path] ?? NotFoundPage;
  createRoot(root).render(
    <StrictMode>
      <Suspense>
        <Page />
      </Suspense>
    </StrictMode>,
  );
}
