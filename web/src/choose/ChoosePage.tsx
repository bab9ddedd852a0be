import dynamic from 'next/dynamic';
import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';

import { Zone } from '@/files/Zone';
import { exampleArtists } from '@/home/example';
import { useWords } from '@/text/context';
import { Layout } from '@/ui/Layout';
import { ArtistSearch } from './ArtistSearch';
import { pending, readChoices, setChoices, useChoices, type Choice } from './choices';
import { ChosenBar } from './ChosenBar';

/** What shows of the drop zone until its code is there: the same words at the same place. */
function ZoneToCome() {
  const words = useWords().t.choose.files;
  return (
    <Zone heading={words.heading}>
      <p className="max-w-text">{words.lede}</p>
    </Zone>
  );
}

/* Its code comes after the search's: most people take that way. */
const FilesArea = dynamic(() => import('@/files/FilesArea').then((module) => module.FilesArea), { ssr: false, loading: ZoneToCome });

export function ChoosePage() {
  const { t, format, path } = useWords();
  const words = t.choose;
  const router = useRouter();
  const { choices, add, drop } = useChoices();
  const [news, setNews] = useState('');

  const takeExample = () => {
    setChoices(exampleArtists);
    setNews(words.exampleAdded(format.list(exampleArtists.map((artist) => artist.name))));
  };
  const remove = (choice: Choice) => {
    drop(choice.id);
    setNews(words.removed(choice.name, choices.length - 1));
  };
  const go = () => {
    pending.set();
    void router.push(path('/profile'));
  };

  /* "/choose?example" shows the example set, unless there are choices of one's own. */
  const asked = router.isReady && 'example' in router.query;
  useEffect(() => {
    if (asked && !readChoices().length) setChoices(exampleArtists);
  }, [asked]);

  return (
    <Layout page="/choose" title={words.title} description={words.description}>
      <div className="grid gap-6 pt-4 md:grid-cols-[1fr_22rem] md:gap-16 md:pt-10">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="mb-6 text-display">
            {words.heading}
          </h1>
          <ArtistSearch
            choices={choices}
            onAdd={(choice) => {
              add(choice);
              setNews(words.added(choice.name, choices.length + 1));
            }}
            onRemoveLast={() => {
              const last = choices[choices.length - 1];
              if (last) remove(last);
            }}
            news={news}
            say={setNews}
            describedBy="choose-hint"
          />
          <p id="choose-hint" className="mt-4 max-w-text px-1 text-caption text-ink-soft">
            {words.hint} <span className="pointer-coarse:hidden">{words.keys}</span>
          </p>
          <div id="files" tabIndex={-1} className="mt-10 min-h-144">
            <FilesArea hasChoices={choices.length > 0} />
          </div>
        </div>
        <ChosenBar
          choices={choices}
          onRemove={remove}
          onRemoveAll={() => {
            setChoices([]);
            setNews(words.none);
          }}
          onExample={takeExample}
          onGo={go}
        />
      </div>
    </Layout>
  );
}
