/* Draws the picture when its place comes near, and again when the facts or the format change. */
import { useEffect, useRef, useState } from 'react';

import type { CardFacts } from '@/profile/card-facts';
import type { FormatId } from './formats';
import { cardPng } from './render';

export interface Picture {
  blob: Blob;
  url: string;
}

export function usePicture(facts: CardFacts, format: FormatId) {
  const ref = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: '400px',
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!near) return;
    let current = true;
    setPicture(null);
    setFailed(false);
    cardPng(facts, format).then(
      (blob) => current && setPicture({ blob, url: URL.createObjectURL(blob) }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [near, facts, format]);

  /* Not before the page shows something else: it may still be loading this one. */
  useEffect(() => {
    if (picture) return () => URL.revokeObjectURL(picture.url);
  }, [picture]);

  return { ref, picture, failed };
}
