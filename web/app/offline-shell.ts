/**
 * The service worker lets pages open offline. Browsers allow it on secure pages only (HTTPS or localhost); elsewhere an
 * open page goes on working offline but cannot be loaded.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Let the page load its own files first.
  const register = () => {
    navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {
      // Storage is blocked or the certificate is not trusted: the page works without it.
    });
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
