import { memo } from 'react';

import type { Profile } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { FoldedTable } from '@/ui/FoldedTable';
import type { MapPoint } from './points';

interface Props {
  profile: Profile;
  points: MapPoint[];
  open: boolean;
}

/** Hundreds of rows may stand here, and all stay as they are while one points at the map. */
export const MapTable = memo(function MapTable({ profile, points, open }: Props) {
  const { format } = useWords();
  const { map: words, emotion } = useDetails();
  const { columns } = words;
  const number = (x: number) => format.signed(x, 2);
  return (
    <FoldedTable title={words.table} wide open={open} className="mt-3">
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.emotion}</th>
          <th scope="col" className="number">
            {columns.valence}
          </th>
          <th scope="col" className="number">
            {columns.arousal}
          </th>
          <th scope="col" className="number">
            {columns.spread}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{words.centre}</th>
          <td>–</td>
          <td className="number">{number(profile.mood.valence)}</td>
          <td className="number">{number(profile.mood.arousal)}</td>
          <td className="number">{format.number(profile.mood.spread, 2)}</td>
        </tr>
        {points.map((point) => (
          <tr key={point.id}>
            <th scope="row">
              <bdi>{point.name}</bdi>
              <span className="block text-ink-soft">{point.kind === 'artist' ? words.artist : <bdi>{point.by}</bdi>}</span>
            </th>
            <td>{emotion(point.emotion.label, point.unsure)}</td>
            <td className="number">{number(point.valence)}</td>
            <td className="number">{number(point.arousal)}</td>
            <td className="number">
              {point.kind === 'artist'
                ? `${format.number(point.spreadValence, 2)} / ${format.number(point.spreadArousal, 2)}`
                : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </FoldedTable>
  );
});
