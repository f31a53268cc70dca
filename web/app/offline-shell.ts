/**
 * The service worker lets the pages open without network. Browsers have it on secure pages alone (HTTPS, or the
 * machine itself); elsewhere an open page works on without network, but cannot be loaded.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // After what the page itself needs.
  const register = () => {
    navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {
      // Storage is blocked, or the certificate is nobody's: the page works all the same.
    });
  };
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
