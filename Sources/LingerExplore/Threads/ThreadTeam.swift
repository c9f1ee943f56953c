#if canImport(Glibc)
private import Glibc
#elseif canImport(Darwin)
private import Darwin
#endif

/// Threads that share the jobs of one caller, who is one of them.
///
/// Jobs begin in ascending order, and ``forEach(_:_:)`` returns when all are done. What a job may
/// touch is the caller's to see to: only what belongs to the job or to its worker, and what nobody
/// changes meanwhile.
@safe
package final class ThreadTeam {
  package let count: Int
  private let shared = SharedJobs()
  private var threads: [pthread_t] = []

  /// As much as a main thread has: expressions are evaluated recursively.
  private static let stackSize = 16 << 20

  /// Threads that cannot be had are done without: ``count`` says how many there are.
  ///
  /// - Parameter wanted: how many there are to be, the caller included.
  package init(threads wanted: Int) {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    unsafe pthread_attr_init(attributes)
    unsafe pthread_attr_setstacksize(attributes, Self.stackSize)
    defer {
      unsafe pthread_attr_destroy(attributes)
      unsafe attributes.deallocate()
    }
    for worker in 1..<max(wanted, 1) {
      let start = unsafe Unmanaged.passRetained(Start(worker: worker, jobs: shared))
      #if canImport(Darwin)
      var thread: pthread_t?
      #else
      var thread = pthread_t()
      #endif
      let result = unsafe pthread_create(&thread, attributes, Self.main, start.toOpaque())
      guard result == 0 else {
        unsafe start.release()
        break
      }
      #if canImport(Darwin)
      if let thread { threads.append(thread) }
      #else
      threads.append(thread)
      #endif
    }
    count = threads.count + 1
  }

  deinit {
    shared.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs `body` for each job, with the number of the worker that does it.
  ///
  /// - Parameters:
  ///   - jobs: how many.
  ///   - body: does one; workers are numbered from 0, jobs too.
  package func forEach(_ jobs: Int, _ body: @escaping (_ worker: Int, _ job: Int) -> Void) {
    forEach(jobs, ahead: max(1, jobs), body) { _ in true }
  }

  /// The same, and the caller takes what each job has done, in order, while others go on.
  ///
  /// As long as the job that comes next is not done the caller does jobs too. What `take` has
  /// written is seen by the jobs that it lets begin.
  ///
  /// - Parameters:
  ///   - jobs: how many.
  ///   - ahead: a job begins only when the one so many before it is taken.
  ///   - body: does one; workers are numbered from 0, jobs too.
  ///   - take: takes what a job has done; false to begin no other one.
  package func forEach(
    _ jobs: Int,
    ahead: Int,
    _ body: @escaping (_ worker: Int, _ job: Int) -> Void,
    take: (_ job: Int) -> Bool
  ) {
    shared.begin(jobs, ahead: ahead, body)
    for job in 0..<jobs {
      shared.work(as: 0, until: job)
      if !take(job) { break }
      shared.take(job)
    }
    shared.waitForOthers()
  }

  /// Runs `body` for each job at once: the caller, in the midst of taking what another job has
  /// done, does them, and others as soon as they have done what they do.
  package func assist(_ jobs: Int, _ body: @escaping (_ job: Int) -> Void) {
    shared.assist(jobs, body)
  }

  private final class Start {
    let worker: Int
    let jobs: SharedJobs

    init(worker: Int, jobs: SharedJobs) {
      self.worker = worker
      self.jobs = jobs
    }
  }

  #if canImport(Darwin)
  private static let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
    run(unsafe $0)
  }
  #else
  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
    {
      if let start = unsafe $0 { unsafe run(start) }
      return nil
    }
  #endif

  @unsafe
  private static func run(_ pointer: UnsafeMutableRawPointer) {
    let start = unsafe Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
    start.jobs.serve(as: start.worker)
  }
}

/// The jobs that are left, under one lock.
@safe
private final class SharedJobs {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var body: ((Int, Int) -> Void)?
  private var count = 0
  private var next = 0
  private var running = 0
  private var ahead = 1
  /// Jobs before this one may begin.
  private var end = 0
  /// Of the jobs that are not taken yet, which are done: job by job, over and over.
  private var isDone: [Bool] = []
  /// Jobs that come before all others, since somebody waits for them.
  private var urgentBody: ((Int) -> Void)?
  private var urgentCount = 0
  private var nextUrgent = 0
  private var runningUrgent = 0
  private var waiting = 0
  private var isOver = false

  init() {
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(lock)
    unsafe changed.deallocate()
    unsafe lock.deallocate()
  }

  private func withLock<Result>(_ change: () -> Result) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return change()
  }

  /// With the lock held: waits for a change.
  private func wait() {
    waiting += 1
    unsafe pthread_cond_wait(changed, lock)
    waiting -= 1
  }

  /// With the lock held.
  private func tellOthers() {
    if waiting > 0 { unsafe pthread_cond_broadcast(changed) }
  }

  func begin(_ jobs: Int, ahead: Int, _ body: @escaping (Int, Int) -> Void) {
    withLock {
      self.body = body
      self.ahead = ahead
      count = jobs
      next = 0
      end = min(ahead, jobs)
      isDone = [Bool](repeating: false, count: end)
      tellOthers()
    }
  }

  private enum Begun {
    case urgent(job: Int, body: (Int) -> Void)
    case ordinary(job: Int, body: (Int, Int) -> Void)
  }

  /// With the lock held: the next job, if one may begin.
  private func start() -> Begun? {
    if let urgent = startUrgent() { return urgent }
    guard next < end, let body else { return nil }
    defer { next += 1 }
    running += 1
    return .ordinary(job: next, body: body)
  }

  /// With the lock held: the next urgent job.
  private func startUrgent() -> Begun? {
    guard nextUrgent < urgentCount, let urgentBody else { return nil }
    defer { nextUrgent += 1 }
    runningUrgent += 1
    return .urgent(job: nextUrgent, body: urgentBody)
  }

  private func run(_ begun: Begun, as worker: Int) {
    switch begun {
    case .urgent(let job, let body):
      body(job)
      withLock {
        runningUrgent -= 1
        tellOthers()
      }
    case .ordinary(let job, let body):
      body(worker, job)
      withLock {
        running -= 1
        isDone[job % ahead] = true
        tellOthers()
      }
    }
  }

  /// Does jobs until this one is done, waits where none may begin.
  func work(as worker: Int, until wanted: Int) {
    work(as: worker) { isDone[wanted % ahead] }
  }

  /// Works whenever there are jobs, until the end.
  func serve(as worker: Int) {
    work(as: worker) { isOver }
  }

  /// The condition is asked with the lock held.
  private func work(as worker: Int, until isEnough: () -> Bool) {
    while true {
      let begun: Begun? = withLock {
        while !isEnough() {
          if let begun = start() { return begun }
          wait()
        }
        return nil
      }
      guard let begun else { return }
      run(begun, as: worker)
    }
  }

  /// The caller does these jobs, with whoever has done what it did, before all others.
  func assist(_ jobs: Int, _ body: @escaping (Int) -> Void) {
    withLock {
      urgentBody = body
      urgentCount = jobs
      nextUrgent = 0
      tellOthers()
    }
    while let begun = withLock({ startUrgent() }) { run(begun, as: 0) }
    withLock {
      while runningUrgent > 0 { wait() }
      urgentBody = nil
    }
  }

  /// Notes that what a job did is taken.
  func take(_ job: Int) {
    withLock {
      isDone[job % ahead] = false
      if end < count {
        end += 1
        tellOthers()
      }
    }
  }

  /// Begins no other job and waits for those that run.
  func waitForOthers() {
    withLock {
      end = next
      while running > 0 { wait() }
      body = nil
    }
  }

  func stop() {
    withLock {
      isOver = true
      tellOthers()
    }
  }
}
