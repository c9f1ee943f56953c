/* What pipes alone allow: lines to so many processes and back, and nothing done with them.
 *
 * usage: pipes PROCESSES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { most = 256, length = 120, exchanges = 400000 };

int main(int count, char **arguments) {
  int processes = count > 1 ? atoi(arguments[1]) : 1;
  int to[most], from[most];
  char line[512];
  if (processes < 1 || processes > most) return 64;
  for (int i = 0; i < processes; i++) {
    int there[2], back[2];
    if (pipe(there) || pipe(back)) return 71;
    pid_t child = fork();
    if (child < 0) return 71;
    if (child == 0) {
      for (int j = 0; j < i; j++) close(to[j]);
      close(there[1]);
      for (;;) {
        ssize_t got = read(there[0], line, sizeof line);
        if (got <= 0 || write(back[1], line, got) != got) _exit(0);
      }
    }
    close(there[0]);
    close(back[1]);
    to[i] = there[1];
    from[i] = back[0];
  }
  memset(line, 'x', length);
  line[length - 1] = '\n';
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  int done = 0;
  while (done < exchanges) {
    for (int i = 0; i < processes; i++)
      if (write(to[i], line, length) != length) return 74;
    for (int i = 0; i < processes; i++, done++)
      if (read(from[i], line, sizeof line) <= 0) return 74;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9;
  printf("%.0f exchanges/s\n", done / seconds);
  return 0;
}
