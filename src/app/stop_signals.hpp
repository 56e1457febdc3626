// SIGTERM and SIGINT as something to wait for or to look at, instead of something that happens.
#pragma once
#include <atomic>
#include <chrono>

namespace overture::app {

/// First thing in main: SIGPIPE and SIGHUP are ignored (a peer that goes away, a terminal that closes), and
/// standard streams that are closed lead nowhere instead of into the next file that is opened.
void prepare_signals();

/// Before any thread is started: SIGTERM and SIGINT wait from now on for wait_for_stop().
void hold_stop_signals();
/// Returns when SIGTERM or SIGINT comes. From then on a second one ends the process at once, and so does the
/// deadline: the status is then 1.
void wait_for_stop(std::chrono::seconds deadline);

/// For commands that work and look now and then: true once SIGTERM or SIGINT came; the second ends the
/// process.
const std::atomic<bool>& stop_requested();

}  // namespace overture::app
