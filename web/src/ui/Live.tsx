interface Props {
  text: string;
  /** In sight, too. */
  shown?: boolean;
}

/** Says a sentence to screen readers when it changes. */
export function Live({ text, shown = false }: Props) {
  return (
    <p className={shown ? 'basis-full text-caption empty:sr-only' : 'sr-only'} role="status">
      {text}
    </p>
  );
}
