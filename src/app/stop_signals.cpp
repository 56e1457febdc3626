#include "app/stop_signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace overture::app {
namespace {

std::atomic<bool> requested = false;
static_assert(std::atomic<bool>::is_always_lock_free);

sigset_t stop_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

[[noreturn]] void end_at_once(int) { _exit(1); }

void note_request(int) {
  if (requested.exchange(true)) _exit(1);
}

}  // namespace

void prepare_signals() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // open() takes the lowest free number, which is this one: those below are open by now.
    static_cast<void>(open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY));
  }
  handle(SIGPIPE, SIG_IGN);
  handle(SIGHUP, SIG_IGN);
}

void wait_for_stop(std::chrono::seconds deadline) {
  const sigset_t set = stop_set();
  int signal = 0;
  sigwait(&set, &signal);
  for (int stop : {SIGTERM, SIGINT, SIGALRM}) handle(stop, end_at_once);
  alarm(static_cast<unsigned>(deadline.count()));
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void hold_stop_signals() {
  const sigset_t set = stop_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

const std::atomic<bool>& stop_requested() {
  for (int stop : {SIGTERM, SIGINT}) handle(stop, note_request);
  return requested;
}

}  // namespace overture::app
