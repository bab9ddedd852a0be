/** Says a sentence to screen readers when it changes. */
export function Live({ text, assertive = false }: { text: string; assertive?: boolean }) {
  return (
    <p className="sr-only" role={assertive ? 'alert' : 'status'} aria-live={assertive ? 'assertive' : 'polite'}>
      {text}
    </p>
  );
}
