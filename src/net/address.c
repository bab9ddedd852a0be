/* address.c - the special-purpose address registries of IANA (RFC 6890 and its updates), as tables. */
#include "net/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct block4 {
    uint32_t prefix;
    int bits;
};

static const struct block4 NOT_PUBLIC4[] = {
    {0x00000000, 8},  /* 0.0.0.0/8 this network */
    {0x0a000000, 8},  /* 10.0.0.0/8 private */
    {0x64400000, 10}, /* 100.64.0.0/10 shared by carriers */
    {0x7f000000, 8},  /* 127.0.0.0/8 loopback */
    {0xa9fe0000, 16}, /* 169.254.0.0/16 link-local, with the metadata of cloud machines */
    {0xac100000, 12}, /* 172.16.0.0/12 private */
    {0xc0000000, 24}, /* 192.0.0.0/24 protocol assignments */
    {0xc0000200, 24}, /* 192.0.2.0/24 documentation */
    {0xc0a80000, 16}, /* 192.168.0.0/16 private */
    {0xc6120000, 15}, /* 198.18.0.0/15 benchmarks */
    {0xc6336400, 24}, /* 198.51.100.0/24 documentation */
    {0xcb007100, 24}, /* 203.0.113.0/24 documentation */
    {0xe0000000, 4},  /* 224.0.0.0/4 multicast */
    {0xf0000000, 4},  /* 240.0.0.0/4 reserved, and broadcast */
};

struct block6 {
    uint8_t prefix[8];
    int bits;
};

static const struct block6 NOT_PUBLIC6[] = {
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48}, /* 64:ff9b:1::/48 NAT64 to private addresses */
    {{0x01, 0x00}, 64},                         /* 100::/64 discard */
    {{0x20, 0x01, 0x00, 0x00}, 23},             /* 2001::/23 protocol assignments, with Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},             /* 2001:db8::/32 documentation */
    {{0x3f, 0xff}, 20},                         /* 3fff::/20 documentation, RFC 9637 */
    {{0x5f, 0x00}, 16},                         /* 5f00::/16 segments of routes, RFC 9602 */
    {{0xfc}, 7},                                /* fc00::/7 unique local */
    {{0xfe, 0x80}, 10},                         /* fe80::/10 link-local */
    {{0xfe, 0xc0}, 10},                         /* fec0::/10 site-local, of old */
    {{0xff}, 8},                                /* ff00::/8 multicast */
};

static bool public4(uint32_t address) {
    for (size_t i = 0; i < sizeof NOT_PUBLIC4 / sizeof *NOT_PUBLIC4; i++)
        if ((address ^ NOT_PUBLIC4[i].prefix) >> (32 - NOT_PUBLIC4[i].bits) == 0)
            return false;
    return true;
}

static uint32_t read4(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool in_block(const uint8_t *address, const struct block6 *block) {
    int whole = block->bits / 8, rest = block->bits % 8;
    return memcmp(address, block->prefix, (size_t)whole) == 0 &&
           (rest == 0 || (address[whole] ^ block->prefix[whole]) >> (8 - rest) == 0);
}

static bool public6(const uint8_t *address) {
    static const uint8_t ZEROS[12] = {0}, MAPPED[12] = {[10] = 0xff, [11] = 0xff},
                         NAT64[12] = {0x00, 0x64, 0xff, 0x9b};
    if (memcmp(address, ZEROS, 12) == 0) /* ::, ::1, and IPv4-compatible addresses of old */
        return false;
    if (memcmp(address, MAPPED, 12) == 0 || memcmp(address, NAT64, 12) == 0)
        return public4(read4(address + 12));
    if (address[0] == 0x20 && address[1] == 0x02) /* 2002::/16 6to4 */
        return public4(read4(address + 2));
    for (size_t i = 0; i < sizeof NOT_PUBLIC6 / sizeof *NOT_PUBLIC6; i++)
        if (in_block(address, &NOT_PUBLIC6[i]))
            return false;
    return true;
}

bool li_address_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return public4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return public6(v6.sin6_addr.s6_addr);
    }
    return false;
}
