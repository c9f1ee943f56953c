#include "CCrash.h"

#include <signal.h>
#include <unistd.h>

static int code;
/// A full stack leaves no room on itself.
static char stack[1 << 16];

static void end(int number) {
  (void)number;
  static const char text[] =
    "linger: an internal error, or memory that cannot be had; if it is not the memory, please "
    "report the command and the spec\n";
  ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
  (void)written;
  _exit(code);
}

void linger_end_crashes_with(int exit_code) {
  code = exit_code;
  stack_t room = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&room, 0);
  struct sigaction action = {.sa_handler = end, .sa_flags = SA_ONSTACK | SA_RESETHAND};
  static const int numbers[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    sigaction(numbers[i], &action, 0);
  }
}
