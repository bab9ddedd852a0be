/* Sends files as a form, with its progress: XMLHttpRequest, since fetch cannot say how much of a body is sent. */
import { apiBase } from './client';
import { Failure } from './failure';

interface Upload {
  path: string;
  files: File[];
  fields?: Record<string, string>;
  session: string;
  longestMs: number;
  /** part: how much is sent, 0 to 1. */
  tell: (part: number) => void;
  signal: AbortSignal;
}

export function upload({ path, files, fields = {}, session, longestMs, tell, signal }: Upload): Promise<Response> {
  const form = new FormData();
  /* The service reads a form as it comes in: what it must know of the files stands before them. */
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append('file', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open('POST', `${apiBase}${path}`);
    request.setRequestHeader('X-Session-Id', session);
    request.setRequestHeader('Accept', 'application/json');
    request.timeout = longestMs;
    request.upload.onload = () => tell(1);
    request.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0);
    request.onload = () => {
      const { status, responseText } = request;
      const headers = { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' };
      resolve(new Response(responseText, { status, headers }));
    };
    request.onerror = () => reject(new Failure(navigator.onLine ? 'network' : 'offline'));
    request.ontimeout = () => reject(new Failure('timeout'));
    request.onabort = () => reject(new DOMException('no longer wanted', 'AbortError'));
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });
    request.send(form);
  });
}
