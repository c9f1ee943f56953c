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
    shared.end()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Runs `body` for each job, with the number of the worker that does it.
  ///
  /// - Parameters:
  ///   - jobs: how many.
  ///   - body: does one; workers are numbered from 0, jobs too.
  package func forEach(_ jobs: Int, _ body: @escaping (_ worker: Int, _ job: Int) -> Void) {
    shared.begin(jobs, body)
    shared.work(as: 0)
    shared.waitForOthers()
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

  private func withLock(_ change: () -> Void) {
    unsafe pthread_mutex_lock(lock)
    change()
    unsafe pthread_mutex_unlock(lock)
  }

  func begin(_ jobs: Int, _ body: @escaping (Int, Int) -> Void) {
    withLock {
      self.body = body
      count = jobs
      next = 0
      unsafe pthread_cond_broadcast(changed)
    }
  }

  /// Does jobs until none is left to begin.
  func work(as worker: Int) {
    while true {
      var job: Int?
      var body: ((Int, Int) -> Void)?
      withLock {
        guard next < count else { return }
        job = next
        body = self.body
        next += 1
        running += 1
      }
      guard let job, let body else { return }
      body(worker, job)
      withLock {
        running -= 1
        if running == 0, next == count { unsafe pthread_cond_broadcast(changed) }
      }
    }
  }

  func waitForOthers() {
    withLock {
      while running > 0 { unsafe pthread_cond_wait(changed, lock) }
      body = nil
    }
  }

  /// Works whenever there are jobs, until the end.
  func serve(as worker: Int) {
    while true {
      var isOver = false
      withLock {
        while next == count, !self.isOver { unsafe pthread_cond_wait(changed, lock) }
        isOver = self.isOver
      }
      if isOver { return }
      work(as: worker)
    }
  }

  func end() {
    withLock {
      isOver = true
      unsafe pthread_cond_broadcast(changed)
    }
  }
}
