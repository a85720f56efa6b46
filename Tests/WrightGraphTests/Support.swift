import WrightGraph
import WrightRuntime
import WrightTesting

/// The value of a tensor that reads no input.
func values(_ tensor: Tensor) -> [Double] { Interpreter.evaluate(Graph([tensor]), inputs: [])[0] }

/// A float64 tensor: the interpreter keeps its values as they are.
func tensor(_ values: [Double], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape) }

/// 0, 1, 2 … in a shape.
func counting(_ shape: [Int], _ dtype: DType = .float32) -> Tensor {
    Tensor(Buffer(TensorType(shape, dtype), doubles: (0..<shape.reduce(1, *)).map(Double.init)))
}

func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || abs($0 - $1) <= tolerance || ($0.isNaN && $1.isNaN) }
}
