import LingerKernel
import LingerModel

/// Instances whose local states hardly ever repeat: the kernel runs each step, nothing is kept.
extension Expander {
  /// Takes the steps as the kernel finds them.
  mutating func runKernel<Sink: SuccessorSink & ~Copyable>(
    _ occasion: StepCache.Occasion,
    _ words: StateWords,
    counts: Bool,
    _ sink: inout Sink
  ) -> Answer {
    guard var kernel = kernel.take() else { preconditionFailure("the kernel runs already") }
    var answer = Answer(false, false)
    var isReading = false
    let layout = layout
    func read(_ network: Int, _ number: Int) -> Int {
      isReading = true
      return layout.networks[network].copies(of: number, in: words)
    }
    kernel.forEach(occasion, in: words, copies: read) { worker, step in
      answer.isAny = true
      if counts {
        transitions &+= 1
        count(step.transition ?? -1, times: 1)
      }
      if apply(worker, step, occasion, to: words, &sink) { answer.isProgress = true }
    }
    self.kernel = consume kernel
    return stop.reason == nil ? (answer.isAny, answer.isProgress && !isReading) : (true, true)
  }

  /// Makes the successor that a step of the kernel's leads to; says whether it is another state in
  /// any case.
  private mutating func apply<Sink: SuccessorSink & ~Copyable>(
    _ worker: KernelWorker,
    _ step: KernelStep,
    _ occasion: StepCache.Occasion,
    to words: StateWords,
    _ sink: inout Sink
  ) -> Bool {
    let (instance, message, layout) = (occasion.instance, occasion.message, layout)
    func shown() -> Step {
      worker.step(step, of: instance, receiving: layout.envelope(message))
    }
    if step.error != nil {
      sink.failure(times: 1, step: shown())
      return true
    }
    next.copy(words)
    worker.pack(instance, layout, into: &next)
    var isProgress = !next.equals(words)
    var dependents = turn.dependents
    for send in worker.sends {
      if model.networks[send.network].loss == .unlimited { isProgress = true }
      let number = worker.number(of: send, by: instance, layout)
      if hasSleepSets, let first = cache.firstPlaces[send.network] {
        let place = cache.places[first + number]
        dependents |= self.dependents(ofSending: first + number, place.counter)
      }
      switch layout.networks[send.network].send(number, in: &next) {
      case .sent, .dropped: break
      case .full:
        sink.failure(times: 1, step: shown())
        return isProgress
      case .overflow(let overflow):
        note(overflow)
        return isProgress
      }
    }
    if turn.isAsleep { return isProgress }
    sink.successor(
      next,
      isFault: false,
      sleep: turn.sleep(without: dependents),
      step: shown(),
      effects: StepEffects(
        instance: instance,
        transition: step.transition,
        arriving: message,
        timers: worker.served(by: instance),
        sends: worker.sends.map { ($0.network, worker.number(of: $0, by: instance, layout)) }
      )
    )
    return isProgress
  }
}
