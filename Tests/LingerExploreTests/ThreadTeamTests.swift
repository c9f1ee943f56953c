import LingerExplore
import Synchronization
import Testing

@Suite("a team of threads")
struct ThreadTeamTests {
  /// What is seen of the jobs of one call.
  private final class Log: Sendable {
    struct Content {
      var begun: [Int] = []
      var done: Set<Int> = []
      var taken: [Int] = []
      var isTooEarly = false
    }
    let content = Mutex(Content())
  }

  private func run(_ team: ThreadTeam, _ jobs: Int, ahead: Int, until last: Int? = nil) -> Log {
    let log = Log()
    team.forEach(jobs, ahead: ahead) { worker, job in
      log.content.withLock {
        $0.begun.append(job)
        if worker >= team.count || job >= $0.taken.count + ahead { $0.isTooEarly = true }
      }
      // Jobs of different lengths end in another order than they begin.
      var sum = 0
      for number in 0..<(job * 7_919 % 5_000) { sum ^= number }
      log.content.withLock { if sum >= 0 { $0.done.insert(job) } }
    } take: { job in
      log.content.withLock {
        if !$0.done.contains(job) { $0.isTooEarly = true }
        $0.taken.append(job)
      }
      return job != last
    }
    return log
  }

  @Test("jobs are taken in order, none before it is done, none begins too early", arguments: 1...4)
  func order(threads: Int) {
    let team = ThreadTeam(threads: threads)
    for (jobs, ahead) in [(0, 3), (1, 1), (100, 1), (100, 2), (300, 7), (5, 64)] {
      run(team, jobs, ahead: ahead).content.withLock {
        #expect($0.taken == Array(0..<jobs))
        #expect($0.begun.sorted() == Array(0..<jobs))
        #expect(!$0.isTooEarly)
      }
    }
  }

  @Test("once enough is taken no job begins, and those that run come to an end", arguments: 1...3)
  func ends(threads: Int) {
    let team = ThreadTeam(threads: threads)
    for _ in 0..<20 {
      run(team, 1_000, ahead: 5, until: 17).content.withLock {
        #expect($0.taken == Array(0...17))
        #expect($0.begun.count <= 17 + 5 && $0.done.count == $0.begun.count)
      }
      // What is left of one call does not show in the next one.
      run(team, 10, ahead: 2).content.withLock { #expect($0.taken == Array(0..<10)) }
    }
  }

  @Test("who takes what a job has done has others help until it is done", arguments: 1...4)
  func assists(threads: Int) {
    let team = ThreadTeam(threads: threads)
    let log = Log()
    team.forEach(30, ahead: 4) { _, job in
      log.content.withLock { _ = $0.done.insert(job) }
    } take: { job in
      team.assist(job) { part in log.content.withLock { $0.begun.append(part) } }
      log.content.withLock {
        #expect($0.begun.sorted() == Array(0..<job))
        $0.begun = []
      }
      return true
    }
    log.content.withLock { #expect($0.done.count == 30) }
  }
}
