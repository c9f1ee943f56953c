#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { unavailable = 69 };

static void give_up(const char *what) {
  fprintf(stderr, "the kernel's TCP cannot be driven here: %s: %s\n", what, strerror(errno));
  fprintf(stderr, "needed: CAP_NET_ADMIN in a network namespace of its own (root, or unprivileged "
                  "user namespaces) and /dev/net/tun\n");
  exit(unavailable);
}

static bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY);
  if (file < 0) return false;
  bool done = write(file, text, strlen(text)) == (ssize_t)strlen(text);
  close(file);
  return done;
}

static void enter_namespace(void) {
  unsigned user = getuid(), group = getgid();
  if (unshare(CLONE_NEWNET) == 0) return;
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) give_up("no network namespace");
  char map[64];
  snprintf(map, sizeof map, "0 %u 1", user);
  bool mapped = write_file("/proc/self/uid_map", map);
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", group);
  if (!mapped || !write_file("/proc/self/gid_map", map)) give_up("no user namespace");
}

bool network_set(const char *name, const char *value) {
  char path[256];
  if (snprintf(path, sizeof path, "/proc/sys/%s", name) >= (int)sizeof path) return false;
  for (char *c = path + strlen("/proc/sys/"); *c; c++) {
    if (*c == '.') *c = '/';
  }
  return write_file(path, value);
}

static void set_address(int helper, struct ifreq *request, unsigned long what, uint32_t address) {
  struct sockaddr_in *in = (struct sockaddr_in *)&request->ifr_addr;
  memset(in, 0, sizeof *in);
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = htonl(address);
  if (ioctl(helper, what, request) != 0) give_up("no address for the device");
}

void network_make(struct network *network) {
  enter_namespace();
  /* With IPv6 on, other packets than ours pass the device. */
  network_set("net.ipv6.conf.default.disable_ipv6", "1");
  network->device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (network->device < 0) give_up("/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(request.ifr_name, "linger0");
  if (ioctl(network->device, TUNSETIFF, &request) != 0) give_up("no TUN device");
  int helper = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (helper < 0) give_up("no socket");
  set_address(helper, &request, SIOCSIFADDR, network->near);
  set_address(helper, &request, SIOCSIFNETMASK, 0xFFFFFF00);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (ioctl(helper, SIOCSIFFLAGS, &request) != 0) give_up("the device stays down");
  close(helper);
}
