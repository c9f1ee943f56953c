#include "diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int channel = -1;

bool diag_open(void) {
  channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  return channel >= 0;
}

int diag_state(uint32_t near, uint16_t near_port, uint32_t far, uint16_t far_port) {
  struct {
    struct nlmsghdr head;
    struct inet_diag_req_v2 body;
  } request = {
      .head = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY,
               .nlmsg_flags = NLM_F_REQUEST},
      .body = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u},
  };
  struct inet_diag_sockid *id = &request.body.id;
  id->idiag_sport = htons(near_port);
  id->idiag_dport = htons(far_port);
  id->idiag_src[0] = htonl(near);
  id->idiag_dst[0] = htonl(far);
  id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (send(channel, &request, sizeof request, 0) < 0) return 0;
  union {
    struct nlmsghdr head;
    char bytes[4096];
  } reply;
  ssize_t length = recv(channel, &reply, sizeof reply, 0);
  if (length < (ssize_t)NLMSG_LENGTH(sizeof(struct inet_diag_msg))) return 0;
  if (reply.head.nlmsg_type != SOCK_DIAG_BY_FAMILY) return 0;
  struct inet_diag_msg *found = NLMSG_DATA(&reply.head);
  /* A listener answers for connections that are unknown. */
  bool is_it = found->id.idiag_dport == htons(far_port);
  return is_it || far_port == 0 ? found->idiag_state : 0;
}
