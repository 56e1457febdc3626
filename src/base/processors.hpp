// How many threads make sense.
#pragma once

namespace overture::base {

/// The processors that this process may run on (sched_setaffinity, cpusets of containers), at least 1.
/// std::thread::hardware_concurrency() counts those of the machine.
int available_processors();

}  // namespace overture::base
