const snippet = `!function(w,d,t){w.TiktokAnalyticsObject=t;var ttq=w[t]=w[t]||[];
ttq.load('C4REACT0123456789ABC');ttq.page();}(window,document,'ttq');`;

export function Tags({ measurement }) {
  return (
    <>
      <script async src="https://www.googletagmanager.com/gtag/js?id=G-REACT12345" />
      <script dangerouslySetInnerHTML={{ __html: snippet }} />
      <script>{`window.dataLayer = window.dataLayer || []; dataLayer.push({event: "ready"});`}</script>
      <span data-measurement={measurement} />
    </>
  );
}
