/* Sends a form with its progress: XMLHttpRequest, since fetch cannot say how much of a body is sent. */
import { apiBase } from './client';
import { Failure } from './failure';

export interface Upload {
  path: string;
  form: FormData;
  session: string;
  longestMs: number;
  /** part: how much is sent, 0 to 1. */
  tell: (part: number) => void;
  signal: AbortSignal;
}

export function upload({ path, form, session, longestMs, tell, signal }: Upload): Promise<Response> {
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
