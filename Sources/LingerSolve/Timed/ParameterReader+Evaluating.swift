import LingerEval
import LingerModel

extension ParameterReader {
  /// A reader that asks the reference evaluator.
  init(_ model: Model) {
    self.init(model) { probe in
      let evaluator = Evaluator(probe)
      return { evaluator.duration($0) }
    }
  }
}
