(* Guesses factors: c and T with cA close to T T^T, by Cholesky's method in fixed point. Nothing rests on it. *)

let precision = 128

(* c = 4^k makes every diagonal entry of cA at least 4^precision. What is factored is cA minus a multiple of I that
   outweighs the digits that are cut off, so that the residual is diagonally dominant. *)
let propose (a : Z.t list list) : Z.t * Z.t list list =
  let n = List.length a in
  (* What is absent is 0. *)
  let pad row =
    let r = Array.make n Z.zero in
    List.iteri (fun j x -> if j < n then r.(j) <- x) row;
    r
  in
  let a = Array.of_list (List.map pad a) in
  let give_up = (Z.one, []) in
  if n = 0 then give_up
  else begin
    let largest = Array.fold_left Z.max Z.one (Array.mapi (fun i r -> Z.abs r.(i)) a) in
    let smallest = Array.fold_left (fun s i -> if Z.sign a.(i).(i) > 0 then Z.min s a.(i).(i) else s)
        largest (Array.init n Fun.id) in
    let k = max 0 (precision - Z.numbits smallest / 2) in
    let shift = Z.mul (Z.of_int (4 * n)) (Z.succ (Z.sqrt (Z.shift_left largest (2 * k)))) in
    let t = Array.init n (fun i -> Array.make (i + 1) Z.zero) in
    let fits = ref true in
    let i = ref 0 in
    while !fits && !i < n do
      let row = t.(!i) in
      for j = 0 to !i do
        let sum = ref (Z.shift_left a.(!i).(j) (2 * k)) in
        if j = !i then sum := Z.sub !sum shift;
        let other = t.(j) in
        for l = 0 to j - 1 do
          sum := Z.sub !sum (Z.mul row.(l) other.(l))
        done;
        if j < !i then row.(j) <- (if Z.sign other.(j) = 0 then Z.zero else Z.div !sum other.(j))
        else if Z.sign !sum < 0 then fits := false
        else row.(j) <- Z.sqrt !sum
      done;
      incr i
    done;
    if not !fits then give_up
    else (Z.shift_left Z.one (2 * k), Array.to_list (Array.map Array.to_list t))
  end

(* A rational a little below the square root of x >= 0. *)
let root (x : Kernel.quotient) : Kernel.quotient =
  let bits = 256 in
  { Kernel.top = Z.sqrt (Z.div (Z.shift_left x.Kernel.top (2 * bits)) x.Kernel.bottom);
    bottom = Z.shift_left Z.one bits }

(* E and X with E A X lower triangular, by columns without fractions; E mixes the rows when a pivot is 0. *)
let triangulate (a : Z.t list list) : Z.t list list * Z.t list list =
  let n = List.length a in
  let pad row =
    let r = Array.make n Z.zero in
    List.iteri (fun j x -> if j < n then r.(j) <- x) row;
    r
  in
  let a = Array.of_list (List.map pad a) in
  let attempt e =
    (* Columns of EA and of X, each column divided by what its entries have in common. *)
    let ea = if e == [||] then a else
        Array.map (fun row ->
            Array.init n (fun j ->
                let sum = ref Z.zero in
                Array.iteri (fun l x -> if Z.sign x <> 0 then sum := Z.add !sum (Z.mul x a.(l).(j))) row;
                !sum)) e in
    let t = Array.init n (fun j -> Array.init n (fun i -> ea.(i).(j))) in
    let x = Array.init n (fun j -> Array.init n (fun i -> if i = j then Z.one else Z.zero)) in
    let good = ref true in
    for k = 0 to n - 1 do
      let pivot = t.(k).(k) in
      if Z.sign pivot = 0 then begin
        for j = k + 1 to n - 1 do if Z.sign t.(j).(k) <> 0 then good := false done
      end
      else
        for j = k + 1 to n - 1 do
          let f = t.(j).(k) in
          if !good && Z.sign f <> 0 then begin
            let p = Z.abs pivot and f = if Z.sign pivot < 0 then Z.neg f else f in
            let combine c = Array.mapi (fun i z -> Z.sub (Z.mul p z) (Z.mul f c.(k).(i))) c.(j) in
            let tj = combine t and xj = combine x in
            let g = Array.fold_left Z.gcd (Array.fold_left Z.gcd Z.zero tj) xj in
            let reduce c = if Z.equal g Z.one then c else Array.map (fun z -> Z.divexact z g) c in
            t.(j) <- reduce tj;
            x.(j) <- reduce xj
          end
        done
    done;
    if !good then Some (Array.to_list (Array.init n (fun i -> List.init n (fun j -> x.(j).(i))))) else None
  in
  let one = List.init n (fun i -> List.init n (fun j -> if i = j then Z.one else Z.zero)) in
  let rec tries k =
    if k = 0 then ([], [])
    else begin
      let e = Array.init n (fun i -> Array.init n (fun j ->
          if i = j then Z.one else if j > i then Z.of_int (Random.int 7) else Z.zero)) in
      match attempt e with
      | Some x -> (Array.to_list (Array.map Array.to_list e), x)
      | None -> tries (k - 1)
    end
  in
  match attempt [||] with Some x -> (one, x) | None -> tries 20
