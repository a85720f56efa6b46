import CWrightDNN
import Testing

/// Matrix products against a loop in Double: transposed operands, leading dimensions with gaps, batches, broadcasts,
/// epilogues, and sizes small enough for Wright's own kernel.
struct MatmulKernelTests {
    struct Product: CustomTestStringConvertible, Sendable {
        var batch: [Int] = []
        /// Batch dimensions along which B is one matrix for all.
        var repeatsB: Set<Int> = []
        var m: Int
        var k: Int
        var n: Int
        var isATransposed = false
        var isBTransposed = false
        /// Unused floats at the end of each row in memory.
        var gap = 0
        var epilogue = wright_dnn_epilogue()

        var testDescription: String {
            "\(batch) \(m)×\(k)×\(n) \(isATransposed ? "T" : "N")\(isBTransposed ? "T" : "N") gap \(gap) "
                + "bias \(epilogue.bias) accumulate \(epilogue.accumulate) "
                + "residual \(epilogue.residual) activation \(epilogue.activation.rawValue)"
        }
    }

    static let products: [Product] = {
        var all: [Product] = []
        for (m, k, n) in [
            (33, 17, 29), (1, 64, 10), (64, 1, 10), (128, 30, 1), (1, 1, 1), (32, 256, 10), (10, 64, 200),
        ] {
            for a in [false, true] {
                for b in [false, true] {
                    all.append(Product(m: m, k: k, n: n, isATransposed: a, isBTransposed: b, gap: m % 3))
                }
            }
        }
        let activations: [wright_dnn_activation] = [.none, .relu, .geluErf, .tanh, .sigmoid]
        for activation in activations {
            for n in [10, 40] {
                let epilogue = wright_dnn_epilogue(bias: true, accumulate: true, residual: true, activation: activation)
                all.append(Product(m: 21, k: 30, n: n, isBTransposed: true, epilogue: epilogue))
            }
        }
        all.append(Product(batch: [3], m: 7, k: 9, n: 11))
        all.append(Product(batch: [3, 2], m: 7, k: 9, n: 11, isATransposed: true, gap: 2))
        all.append(Product(batch: [3, 2], repeatsB: [1], m: 7, k: 9, n: 11, isBTransposed: true))
        all.append(Product(batch: [2, 3, 2], repeatsB: [0, 2], m: 5, k: 9, n: 16))
        // Large enough to be shared out: by batches, rows and columns, none of which the threads divide evenly.
        let everything = wright_dnn_epilogue(bias: true, accumulate: true, residual: true, activation: .relu)
        all.append(Product(batch: [7], m: 31, k: 33, n: 35, epilogue: everything))
        for isTransposed in [false, true] {
            all.append(
                Product(
                    m: 151, k: 40, n: 60, isATransposed: isTransposed, isBTransposed: isTransposed, epilogue: everything
                ))
            all.append(
                Product(
                    m: 30, k: 40, n: 245, isATransposed: isTransposed, isBTransposed: isTransposed, epilogue: everything
                ))
        }
        return all
    }()

    @Test(arguments: products)
    func productsAgreeWithTheDefinition(_ product: Product) throws {
        let (description, extents) = describe(product)
        var mutable = description
        var pointer: OpaquePointer?
        let status = wright_dnn_matmul(&mutable, &pointer)
        let launch = try #require(KernelLaunch(status, pointer), "\(String(cString: wright_dnn_message()))")
        let a = KernelBuffer.random(extents.a, seed: 1)
        let b = KernelBuffer.random(extents.b, seed: 2)
        let before = KernelBuffer.random(extents.c, seed: 3)
        let bias = KernelBuffer.random(product.n, seed: 4)
        let residual = KernelBuffer.random(extents.c, seed: 5)
        launch.bindPlain(.a, a)
        launch.bindPlain(.b, b)
        launch.bindPlain(.c, before)
        if product.epilogue.bias { launch.bindPlain(.bias, bias) }
        if product.epilogue.residual { launch.bindPlain(.residual, residual) }
        launch.run()

        var expected = before.map(Double.init)
        let matrices = [description.a, description.b, description.c]
        forEachBatch(product) { places in
            let starts = matrices.map { matrix in
                zip(places, [matrix.batch_stride.0, matrix.batch_stride.1, matrix.batch_stride.2])
                    .reduce(0) { $0 + $1.0 * Int($1.1) }
            }
            for row in 0..<product.m {
                for column in 0..<product.n {
                    var sum = 0.0
                    for depth in 0..<product.k {
                        let left = a[starts[0] + index(description.a, row, depth)]
                        let right = b[starts[1] + index(description.b, depth, column)]
                        sum += Double(left) * Double(right)
                    }
                    let place = starts[2] + index(description.c, row, column)
                    if product.epilogue.bias { sum += Double(bias[column]) }
                    if product.epilogue.accumulate { sum += Double(before[place]) }
                    if product.epilogue.residual { sum += Double(residual[place]) }
                    expected[place] = activate(product.epilogue.activation, sum)
                }
            }
        }
        #expect(relativeError(launch.plain(.c, count: extents.c), expected) < 2e-6, "\(launch.implementation)")
    }

    @Test func contradictionsAreExplained() {
        var description = describe(Product(m: 2, k: 2, n: 2)).0
        description.a.row_stride = 3
        description.a.column_stride = 2
        var pointer: OpaquePointer?
        #expect(wright_dnn_matmul(&description, &pointer) == .invalid)
        #expect(String(cString: wright_dnn_message()).contains("row_stride 1 or column_stride 1"))
    }

    @Test func floatsRunOnEveryCPU() {
        #expect(wright_dnn_supports(.float32))
        #expect(!wright_dnn_supports(.int32))
        #expect(wright_dnn_version() >= 20_600)
    }

    // MARK: -

    private func index(_ matrix: wright_dnn_matrix, _ row: Int, _ column: Int) -> Int {
        row * Int(matrix.row_stride) + column * Int(matrix.column_stride)
    }

    private func activate(_ activation: wright_dnn_activation, _ x: Double) -> Double {
        switch activation {
        case .none: x
        case .relu: max(x, 0)
        case .geluErf: 0.5 * x * (1 + errorFunction(x / 2.0.squareRoot()))
        case .tanh: 2 / (1 + exponential(-2 * x)) - 1
        case .sigmoid: 1 / (1 + exponential(-x))
        @unknown default: .nan
        }
    }

    /// Taylor's series, halving the argument until it converges fast.
    private func exponential(_ x: Double) -> Double {
        if abs(x) > 0.5 {
            let root = exponential(x / 2)
            return root * root
        }
        var term = 1.0, sum = 1.0
        for order in 1..<20 {
            term *= x / Double(order)
            sum += term
        }
        return sum
    }

    /// The integral's Taylor series, which converges for the arguments of these tests.
    private func errorFunction(_ x: Double) -> Double {
        if abs(x) > 5 { return x > 0 ? 1 : -1 }
        var term = x, sum = x
        for order in 1..<200 {
            term *= -x * x / Double(order)
            sum += term / Double(2 * order + 1)
        }
        return sum * 2 / Double.pi.squareRoot()
    }

    private func forEachBatch(_ product: Product, _ body: ([Int]) -> Void) {
        for flat in 0..<product.batch.reduce(1, *) {
            var rest = flat
            var places = [Int](repeating: 0, count: product.batch.count)
            for axis in product.batch.indices.reversed() {
                places[axis] = rest % product.batch[axis]
                rest /= product.batch[axis]
            }
            body(places)
        }
    }

    /// The description, and how many floats each matrix needs.
    private func describe(
        _ product: Product
    ) -> (wright_dnn_matmul_description, (a: Int, b: Int, c: Int)) {
        func matrix(_ rows: Int, _ columns: Int, transposed: Bool, repeats: Set<Int>) -> (wright_dnn_matrix, Int) {
            let leading = (transposed ? rows : columns) + product.gap
            var extent = (transposed ? columns : rows) * leading
            var strides = [Int64](repeating: 0, count: 3)
            for axis in product.batch.indices.reversed() where !repeats.contains(axis) {
                strides[axis] = Int64(extent)
                extent *= product.batch[axis]
            }
            var matrix = wright_dnn_matrix()
            matrix.type = .float32
            matrix.batch_stride = (strides[0], strides[1], strides[2])
            matrix.row_stride = Int64(transposed ? 1 : leading)
            matrix.column_stride = Int64(transposed ? leading : 1)
            return (matrix, extent)
        }
        let a = matrix(product.m, product.k, transposed: product.isATransposed, repeats: [])
        let b = matrix(product.k, product.n, transposed: product.isBTransposed, repeats: product.repeatsB)
        let c = matrix(product.m, product.n, transposed: false, repeats: [])
        var description = wright_dnn_matmul_description()
        description.batch_rank = Int32(product.batch.count)
        let sizes = (product.batch + [1, 1, 1]).map(Int64.init)
        description.batch = (sizes[0], sizes[1], sizes[2])
        description.m = Int64(product.m)
        description.k = Int64(product.k)
        description.n = Int64(product.n)
        description.a = a.0
        description.b = b.0
        description.c = c.0
        description.epilogue = product.epilogue
        return (description, (a.1, b.1, c.1))
    }
}
