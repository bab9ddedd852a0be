/* A link between our pages: a plain anchor that changes the page without loading the document again. */
import { useRouter } from 'next/router';
import { useEffect, type AnchorHTMLAttributes, type MouseEvent } from 'react';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  /** Loads the page's code in the background, for the way most people take. */
  prefetch?: boolean;
}

const plain = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

export function PageLink({ href, prefetch = false, onClick, children, ...rest }: Props) {
  const router = useRouter();
  useEffect(() => {
    if (prefetch) void router.prefetch(href);
  }, [prefetch, router, href]);
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !plain(event)) return;
        event.preventDefault();
        void router.push(href);
      }}
    >
      {children}
    </a>
  );
}
