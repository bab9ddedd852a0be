import { useEffect, useState } from 'react';

import { currentSession } from '@/api/session';
import { keptMeasured } from '@/measure/kept';
import { Card } from '@/profile/Card';
import { useWords } from '@/text/context';
import { Layout } from '@/ui/Layout';
import { PageLink } from '@/ui/PageLink';
import { example } from './example';

export function HomePage() {
  const { t, format, path } = useWords();
  const words = t.home;
  const shown = example(t.lang);
  const [hasProfile, setHasProfile] = useState(false);
  useEffect(() => setHasProfile(currentSession() !== null || keptMeasured() !== null), []);
  return (
    <Layout page="/" title={words.title} description={words.description}>
      <div className="grid items-center gap-10 py-6 md:grid-cols-[1fr_20rem] md:py-16 lg:grid-cols-[1fr_26rem] lg:gap-16">
        <div>
          <h1 tabIndex={-1} className="max-w-[8.3em] text-display">
            {words.heading}
          </h1>
          <p className="mt-6 max-w-[24em] text-ink-soft">{words.lede}</p>
          {/* One to a line on a phone: nothing moves when "back to your profile" takes the example's place. */}
          <div className="mt-8 flex flex-col items-start lg:mt-10">
            <PageLink href={path('/choose')} prefetch className="button button-main">
              {words.start}
            </PageLink>
            <div className="-ml-3 flex flex-col items-start lg:mt-2 lg:flex-row">
              <PageLink href={`${path('/choose')}#files`} className="button button-quiet text-start">
                {words.drop}
              </PageLink>
              {hasProfile ? (
                <PageLink href={path('/profile')} className="button button-quiet text-start">
                  {words.back}
                </PageLink>
              ) : (
                <PageLink href={`${path('/choose')}?example`} className="button button-quiet text-start">
                  {words.example}
                </PageLink>
              )}
            </div>
          </div>
        </div>
        <figure className="mx-auto grid w-full max-w-[26rem] gap-4">
          <Card profile={shown} label={words.exampleLabel} />
          <figcaption className="text-center text-caption text-ink-soft">
            {words.exampleOf(format.list(shown.artists.map((artist) => artist.name)))}
          </figcaption>
        </figure>
      </div>
      <section aria-label={words.promisesLabel} className="border-t border-hairline py-10 md:py-16">
        <ul className="grid gap-6 md:grid-cols-3 md:gap-10">
          {words.promises.map(({ title, text }) => (
            <li key={title}>
              <h2 className="text-body font-semibold">{title}</h2>
              <p className="mt-1 max-w-[21.5em] text-ink-soft">{text}</p>
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}
