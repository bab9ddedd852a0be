/** Says a sentence to screen readers when it changes. */
export function Live({ text }: { text: string }) {
  return (
    <p className="sr-only" role="status">
      {text}
    </p>
  );
}
