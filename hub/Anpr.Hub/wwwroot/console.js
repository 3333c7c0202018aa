// What the console needs from the browser: theme, ages, keys, sound and words for a lost connection.
(() => {
  const root = document.documentElement;
  const kept = (key, otherwise) => { try { return localStorage.getItem(key) ?? otherwise; } catch { return otherwise; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not kept */ } };

  root.dataset.theme = kept('anpr-theme', matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');

  // <anpr-age at="2026-…Z">: "12 s ago", kept fresh here so that the hub renders nothing each second.
  const words = (seconds) => {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
    return `${Math.floor(s / 86400)} d`;
  };
  const ages = new Set();
  class Age extends HTMLElement {
    static observedAttributes = ['at'];
    connectedCallback() { this.attachShadow?.call && !this.shadowRoot && this.attachShadow({ mode: 'open' }); ages.add(this); this.show(); }
    disconnectedCallback() { ages.delete(this); }
    attributeChangedCallback() { this.show(); }
    show() {
      const at = Date.parse(this.getAttribute('at'));
      if (this.shadowRoot && !Number.isNaN(at)) this.shadowRoot.textContent = `${words((Date.now() - at) / 1000)} ago`;
    }
  }
  customElements.define('anpr-age', Age);
  setInterval(() => ages.forEach(age => age.show()), 1000);

  let audio = null;
  const chirp = (urgent) => {
    if (!audio || audio.state !== 'running' || kept('anpr-sound', 'on') !== 'on') return;
    [0, 0.18, ...(urgent ? [0.36] : [])].forEach((at, i) => {
      const [tone, gain] = [audio.createOscillator(), audio.createGain()];
      tone.type = 'triangle';
      tone.frequency.value = i % 2 ? 1175 : 880;
      gain.gain.setValueAtTime(0, audio.currentTime + at);
      gain.gain.linearRampToValueAtTime(0.22, audio.currentTime + at + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.16);
      tone.connect(gain).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.17);
    });
  };
  // Browsers let a page make sound only after its user has touched it.
  const wake = () => { audio ??= new AudioContext(); audio.resume(); };
  addEventListener('pointerdown', wake, { capture: true });
  addEventListener('keydown', wake, { capture: true });

  let keys = null;
  const typing = (target) => target?.closest?.('input, textarea, select, [contenteditable], [role=dialog]');
  addEventListener('keydown', (e) => {
    if (!keys || e.ctrlKey || e.altKey || e.metaKey || typing(e.target)) return;
    if (e.key !== '?' && kept('anpr-keys', 'on') !== 'on') return;
    if (!['j', 'k', 'a', 'o', '?'].includes(e.key)) return;
    e.preventDefault();
    keys.invokeMethodAsync('OnKey', e.key);
  });

  window.anpr = {
    theme: (value) => { if (value) { keep('anpr-theme', value); root.dataset.theme = value; } return root.dataset.theme; },
    setting: (name, value) => { if (value) keep(`anpr-${name}`, value); return kept(`anpr-${name}`, 'on'); },
    listen: (page) => { keys = page; },
    deaf: () => { keys = null; },
    chirp,
    title: (waiting) => { document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${document.title.replace(/^\(\d+\) /, '')}`; },
    show: (id) => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),
  };
})();
