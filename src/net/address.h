/* address.h - which network addresses belong to everybody. */
#ifndef LI_NET_ADDRESS_H
#define LI_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether an address is a public one: not of this machine, its link, a private network or a group, and not
 * one of these in IPv6 clothes (mapped, 6to4, NAT64). Other families than IPv4 and IPv6 are not public. */
bool li_address_public(const struct sockaddr *address);

#endif
