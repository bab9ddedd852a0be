import { fileURLToPath } from 'node:url';

/* 9 kB of Next's client serves next/script, addresses with parameters, pages under app/ and browsers older than our
 * CSS. Where a later Next moves these files, nothing matches and they are simply back. */
const UNUSED = /client\/script$|utils\/(route-regex|route-matcher|dynamic-filter-pattern)$|polyfills\/polyfill-module$|^\.\/(script|route-regex|route-matcher)$/;
const NOTHING = fileURLToPath(new URL('tools/next-unused.cjs', import.meta.url));

/** @type {import('next').NextConfig} */
export default {
  output: 'export',
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  experimental: { clientRouterFilter: false },
  webpack(config, { isServer, webpack }) {
    if (!isServer)
      config.plugins.push(
        new webpack.NormalModuleReplacementPlugin(UNUSED, (resource) => {
          if (/next[\\/]dist[\\/]/.test(resource.context)) resource.request = NOTHING;
        }),
        /* 12 kB that tell kinds of files by their bytes: music-metadata asks when neither name nor type says it. */
        new webpack.NormalModuleReplacementPlugin(/^file-type$/, NOTHING),
      );
    return config;
  },
};
