(** Matrices that compute: lists of rows of integers over one positive denominator.

    What is absent from a list counts as 0, so that no operation asks for lengths. [dotz] runs along two lists;
    a product walks the rows of one matrix and the columns, transposed once, of the other. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms ExecutableNumbers.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Notation table := (seq (seq Z)).

Definition at1 (xs : seq Z) i := nth Z0 xs i.
Definition at2 (A : table) i j := at1 (nth [::] A i) j.

(** ** On lists *)

Fixpoint zadd xs ys := match xs, ys with
  | x :: xs', y :: ys' => Z.add x y :: zadd xs' ys'
  | [::], _ => ys
  | _, [::] => xs
  end.

Fixpoint tadd (A B : table) := match A, B with
  | r :: A', s :: B' => zadd r s :: tadd A' B'
  | [::], _ => B
  | _, [::] => A
  end.

Definition tmap f (A : table) : table := map (map f) A.

(** acc + the sum of the first n products. *)
Fixpoint dotz acc n xs ys := match n, xs, ys with
  | n'.+1, x :: xs', y :: ys' => dotz (Z.add acc (Z.mul x y)) n' xs' ys'
  | _, _, _ => acc
  end.

Fixpoint sumz acc n xs := match n, xs with
  | n'.+1, x :: xs' => sumz (Z.add acc x) n' xs'
  | _, _ => acc
  end.

Fixpoint transpose n (A : table) : table :=
  if n is n'.+1 then map (head Z0) A :: transpose n' (map behead A) else [::].

(** A, of n columns, times the transpose of C. *)
Definition tmulT n (A C : table) : table := map (fun r => map (dotz Z0 n r) C) A.

Definition tmul n p (A B : table) : table := tmulT n A (transpose p B).

Fixpoint zmul xs ys := match xs, ys with
  | x :: xs', y :: ys' => Z.mul x y :: zmul xs' ys'
  | _, _ => [::]
  end.

Fixpoint trows (d : seq Z) (A : table) : table := match d, A with
  | x :: d', r :: A' => map (Z.mul x) r :: trows d' A'
  | _, _ => [::]
  end.

Fixpoint tdiag i (d : seq Z) : table :=
  if d is x :: d' then rcons (nseq i Z0) x :: tdiag i.+1 d' else [::].

Fixpoint exactly n (xs : seq Z) : seq Z :=
  if n is n'.+1 then head Z0 xs :: exactly n' (behead xs) else [::].

(** n columns of A, then B; m rows. *)
Fixpoint beside m n (A B : table) : table :=
  if m is m'.+1 then (exactly n (head [::] A) ++ head [::] B) :: beside m' n (behead A) (behead B)
  else [::].

(** [[A, B], [C, D]], m rows above and n below, as many columns left and right. *)
Definition tblock m n (A B C D : table) : table := beside m m A B ++ beside n m C D.

Fixpoint zeq xs ys := match xs, ys with
  | x :: xs', y :: ys' => Z.eqb x y && zeq xs' ys'
  | [::], [::] => true
  | _, _ => false
  end.

Fixpoint teq (A B : table) := match A, B with
  | r :: A', s :: B' => zeq r s && teq A' B'
  | [::], [::] => true
  | _, _ => false
  end.

Lemma at1_nil i : at1 [::] i = Z0. Proof. exact: nth_nil. Qed.
Lemma at2_nil i j : at2 [::] i j = Z0. Proof. by rewrite /at2 nth_nil at1_nil. Qed.

Lemma at1_map f xs i : f Z0 = Z0 -> at1 (map f xs) i = f (at1 xs i).
Proof. by move=> f0; elim: xs i => [|x xs IH] [|i] //=; rewrite ?at1_nil //; apply: IH. Qed.

Lemma at2_map f A i j : f Z0 = Z0 -> at2 (tmap f A) i j = f (at2 A i j).
Proof.
move=> f0; rewrite /at2; elim: A i => [|r A IH] [|i] //=; rewrite ?at1_nil //.
exact: at1_map.
Qed.

Lemma at1_add xs ys i : at1 (zadd xs ys) i = Z.add (at1 xs i) (at1 ys i).
Proof.
by elim: xs ys i => [|x xs IH] [|y ys] [|i] //=; rewrite ?at1_nil ?Z.add_0_r ?Z.add_0_l.
Qed.

Lemma at2_add A B i j : at2 (tadd A B) i j = Z.add (at2 A i j) (at2 B i j).
Proof.
rewrite /at2; elim: A B i => [|r A IH] [|s B] [|i] //=; rewrite ?at1_nil ?Z.add_0_r ?Z.add_0_l //.
exact: at1_add.
Qed.

Lemma at1_mul xs ys i : at1 (zmul xs ys) i = Z.mul (at1 xs i) (at1 ys i).
Proof.
by elim: xs ys i => [|x xs IH] [|y ys] [|i] //=; rewrite ?at1_nil ?Z.mul_0_r.
Qed.

Lemma at2_rows d A i j : at2 (trows d A) i j = Z.mul (at1 d i) (at2 A i j).
Proof.
rewrite /at2; elim: d A i => [|x d IH] [|r A] [|i] //=; rewrite ?at1_nil ?Z.mul_0_r //.
by rewrite at1_map ?Z.mul_0_r.
Qed.

Lemma at2_diag k d i j : at2 (tdiag k d) i j = if j == (k + i)%N then at1 d i else Z0.
Proof.
rewrite /at2; elim: d k i => [|x d IH] k [|i] /=; rewrite ?nth_nil ?at1_nil ?if_same //; last first.
  by rewrite IH addSnnS.
rewrite /at1 nth_rcons nth_nseq size_nseq addn0 /=.
by case: ltngtP.
Qed.

Lemma at1_head xs : head Z0 xs = at1 xs 0. Proof. by case: xs. Qed.
Lemma at1_behead xs i : at1 (behead xs) i = at1 xs i.+1.
Proof. by case: xs => [|x xs]; rewrite ?at1_nil. Qed.

Lemma at1_heads A j : at1 (map (head Z0) A) j = at2 A j 0.
Proof. by rewrite /at2; elim: A j => [|[|x r] A IH] [|j] //; apply: IH. Qed.

Lemma at2_beheads A j i : at2 (map behead A) j i = at2 A j i.+1.
Proof.
rewrite /at2; elim: A j => [|r A IH] [|j] //=; rewrite ?at1_nil //; [exact: at1_behead | exact: IH].
Qed.

Lemma at2_transpose n A i j : at2 (transpose n A) i j = if (i < n)%N then at2 A j i else Z0.
Proof.
elim: n A i => [|n IH] A [|i]; rewrite ?at2_nil //= ?ltnS; first exact: at1_heads.
by rewrite -at2_beheads -IH.
Qed.

Lemma at1_exactly n xs j : at1 (exactly n xs) j = if (j < n)%N then at1 xs j else Z0.
Proof.
by elim: n xs j => [|n IH] [|x xs] [|j] //=; rewrite ?at1_nil // IH ?at1_nil.
Qed.

Lemma size_exactly n xs : size (exactly n xs) = n.
Proof. by elim: n xs => //= n IH xs; rewrite IH. Qed.

Lemma size_beside m n A B : size (beside m n A B) = m.
Proof. by elim: m A B => //= m IH A B; rewrite IH. Qed.

Lemma at2_beside m n A B i j : (i < m)%N ->
  at2 (beside m n A B) i j = if (j < n)%N then at2 A i j else at2 B i (j - n).
Proof.
have nth_behead (C : table) k : nth [::] (behead C) k = nth [::] C k.+1.
  by case: C => [|r C]; rewrite ?nth_nil.
have nth_head (C : table) : head [::] C = nth [::] C 0 by case: C.
rewrite /at2; elim: m A B i => [|m IH] A B [|i] //= im; last by rewrite IH // !nth_behead.
by rewrite {1}/at1 nth_cat size_exactly !nth_head; case: ifP => // jn; rewrite -/(at1 _ _) at1_exactly jn.
Qed.

Lemma zeqP xs ys : zeq xs ys -> xs = ys.
Proof. by elim: xs ys => [|x xs IH] [|y ys] //= /andP[/Z.eqb_eq -> /IH ->]. Qed.

Lemma teqP A B : teq A B -> A = B.
Proof. by elim: A B => [|x xs IH] [|y ys] //= /andP[/zeqP -> /IH ->]. Qed.

(** ** Over a denominator *)

Record vector := Vector { coordinates : seq Z; over : positive }.
Record matrix := Matrix { entries : table; scale : positive }.

Definition entry v i := Quotient (at1 (coordinates v) i) (over v).

Definition mmap f A := Matrix (tmap f (entries A)) (scale A).
Definition mabs := mmap Z.abs.
Definition mopp := mmap Z.opp.
Definition mscale q A := Matrix (tmap (Z.mul (top q)) (entries A)) (Pos.mul (bottom q) (scale A)).
Definition mtr n A := Matrix (transpose n (entries A)) (scale A).
Definition mmul n p A B := Matrix (tmul n p (entries A) (entries B)) (Pos.mul (scale A) (scale B)).
Definition mrows v A := Matrix (trows (coordinates v) (entries A)) (Pos.mul (over v) (scale A)).
Definition mcols v A := Matrix (map (zmul (coordinates v)) (entries A)) (Pos.mul (over v) (scale A)).
Definition mdiag v := Matrix (tdiag 0 (coordinates v)) (over v).
Definition mscalar n q := Matrix (tdiag 0 (nseq n (top q))) (bottom q).
Definition mzero := Matrix [::] 1.

(** Over the least common multiple of the denominators. *)
Definition madd A B :=
  let '(g, (a, b)) := Pos.ggcd (scale A) (scale B) in
  Matrix (tadd (tmap (Z.mul (Zpos b)) (entries A)) (tmap (Z.mul (Zpos a)) (entries B)))
    (Pos.mul g (Pos.mul a b)).
Definition msub A B := madd A (mopp B).

Definition mblock n A B C D :=
  madd (madd (Matrix (tblock n n (entries A) [::] [::] [::]) (scale A))
             (Matrix (tblock n n [::] (entries B) [::] [::]) (scale B)))
       (madd (Matrix (tblock n n [::] [::] (entries C) [::]) (scale C))
             (Matrix (tblock n n [::] [::] [::] (entries D)) (scale D))).

Section Meaning.
Variable R : realFieldType.
Local Notation zr := (zr R).
Local Notation qr := (qr R).

Lemma zr_dot acc n xs ys :
  zr (dotz acc n xs ys) = zr acc + \sum_(k < n) zr (at1 xs k) * zr (at1 ys k).
Proof.
have z0 (f : nat -> R) m : (forall k, f k = 0) -> \sum_(k < m) f k = 0 by move=> f0; apply: big1.
elim: n acc xs ys => [|n IH] acc [|x xs] [|y ys] /=; rewrite ?big_ord0 ?addr0 //;
  try by rewrite (z0 (fun k => zr (at1 _ k) * zr (at1 _ k))) ?addr0 // => k; rewrite at1_nil ?mul0r ?mulr0.
by rewrite IH big_ord_recl zrD zrM addrA.
Qed.

Lemma zr_sum acc n xs : zr (sumz acc n xs) = zr acc + \sum_(k < n) zr (at1 xs k).
Proof.
elim: n acc xs => [|n IH] acc [|x xs] /=; rewrite ?big_ord0 ?addr0 //.
  by rewrite big1 ?addr0 // => k _; rewrite at1_nil.
by rewrite IH big_ord_recl zrD addrA.
Qed.

(** Locked, so that [mxE] stops at the entries of tables. *)
Definition mx m n (A : matrix) : 'M[R]_(m, n) :=
  locked (\matrix_(i, j) (zr (at2 (entries A) i j) / zr (Zpos (scale A)))).

Definition rv n (v : vector) : 'rV[R]_n := locked (\row_i qr (entry v i)).

Lemma mx_at m n A i j : mx m n A i j = zr (at2 (entries A) i j) / zr (Zpos (scale A)).
Proof. by rewrite /mx -lock mxE. Qed.

Lemma rv_at n v i : rv n v 0 i = qr (entry v i).
Proof. by rewrite /rv -lock mxE. Qed.

Let mxA := (mxE, mx_at, rv_at).

Lemma mxD m n A B : mx m n (madd A B) = mx m n A + mx m n B.
Proof.
rewrite /madd; have := Pos.ggcd_correct_divisors (scale A) (scale B).
case: (Pos.ggcd _ _) => g [a b] [eA eB]; apply/matrixP => i j.
rewrite !mxA /= at2_add !at2_map ?Z.mul_0_r // zrD !zrM eA eB !zrMp.
by field; rewrite !zr_pos0.
Qed.

Lemma mxN m n A : mx m n (mopp A) = - mx m n A.
Proof. by apply/matrixP => i j; rewrite !mxA /= at2_map // zrN mulNr. Qed.

Lemma mxB m n A B : mx m n (msub A B) = mx m n A - mx m n B.
Proof. by rewrite mxD mxN. Qed.

Lemma mx_abs m n A i j : mx m n (mabs A) i j = `|mx m n A i j|.
Proof. by rewrite !mxA /= at2_map // zr_abs normrM normfV (gtr0_norm (zr_pos _ _)). Qed.

Lemma mxZ m n q A : mx m n (mscale q A) = qr q *: mx m n A.
Proof.
apply/matrixP => i j; rewrite !mxA /= at2_map ?Z.mul_0_r // zrM zrMp /qr.
by field; rewrite !zr_pos0.
Qed.

Lemma mxT m n A : mx m n (mtr m A) = (mx n m A)^T.
Proof. by apply/matrixP => i j; rewrite !mxA /= at2_transpose ltn_ord. Qed.

Lemma at2_mulT n A C i j :
  zr (at2 (tmulT n A C) i j) = \sum_(k < n) zr (at2 A i k) * zr (at2 C j k).
Proof.
have dot0 ys k : dotz Z0 k [::] ys = Z0 by case: k ys => [|k] [].
rewrite /tmulT /at2; have [iA|Ai] := ltnP i (size A); last first.
  rewrite !(nth_default _ Ai) nth_default ?size_map // at1_nil big1 // => k _.
  by rewrite at1_nil mul0r.
rewrite (nth_map [::]) // /at1; have [jC|Cj] := ltnP j (size C); last first.
  rewrite (nth_default [::] Cj) nth_default ?size_map // big1 // => k _.
  by rewrite nth_nil mulr0.
by rewrite (nth_map [::]) // zr_dot add0r.
Qed.

Lemma mxM m n p A B : mx m p (mmul n p A B) = mx m n A *m mx n p B.
Proof.
apply/matrixP => i j; rewrite !mxA /= at2_mulT zrMp mulr_suml; apply: eq_bigr => k _.
by rewrite at2_transpose ltn_ord !mxA; field; rewrite !zr_pos0.
Qed.

Lemma mx_rows m n v A : mx m n (mrows v A) = diag_mx (rv m v) *m mx m n A.
Proof.
apply/matrixP => i j; rewrite mul_diag_mx !mxA /= at2_rows zrM zrMp /qr /=.
by field; rewrite !zr_pos0.
Qed.

Lemma mx_cols m n v A : mx m n (mcols v A) = mx m n A *m diag_mx (rv n v).
Proof.
apply/matrixP => i j; rewrite mul_mx_diag !mxA /=.
have -> : at2 (map (zmul (coordinates v)) (entries A)) i j
    = Z.mul (at1 (coordinates v) j) (at2 (entries A) i j).
  rewrite /at2; have [iA|Ai] := ltnP i (size (entries A)); last first.
    by rewrite !nth_default ?size_map // at1_nil Z.mul_0_r.
  by rewrite (nth_map [::]) // at1_mul.
by rewrite zrM zrMp /qr /=; field; rewrite !zr_pos0.
Qed.

Lemma mx_diag n v : mx n n (mdiag v) = diag_mx (rv n v).
Proof.
apply/matrixP => i j; rewrite !mxA /= at2_diag add0n eq_sym -val_eqE /=.
by case: (boolP (val i == val j)) => [/eqP e|_]; rewrite ?mulr1n ?mulr0n ?mul0r ?e.
Qed.

Lemma mx_scalar n q : mx n n (mscalar n q) = (qr q)%:M.
Proof.
apply/matrixP => i j; rewrite !mxA /= at2_diag add0n eq_sym -val_eqE /=.
case: (boolP (val i == val j)) => _; last by rewrite mulr0n mul0r.
by rewrite mulr1n /at1 nth_nseq ltn_ord.
Qed.

Lemma mx_zero m n : mx m n mzero = 0.
Proof. by apply/matrixP => i j; rewrite !mxA /= at2_nil mul0r. Qed.

Lemma at2_block m n A B C D i j : at2 (tblock m n A B C D) i j =
  if (i < m)%N then (if (j < m)%N then at2 A i j else at2 B i (j - m))
  else if (i - m < n)%N then (if (j < m)%N then at2 C (i - m) j else at2 D (i - m) (j - m)) else Z0.
Proof.
rewrite /at2 nth_cat size_beside; case: ifP => im; first exact: at2_beside.
case: ifP => im2; first exact: at2_beside.
by rewrite nth_default ?at1_nil // size_beside leqNgt im2.
Qed.

Lemma mx_tblock m n A B C D s : mx (m + n) (m + n) (Matrix (tblock m n A B C D) s)
  = block_mx (mx m m (Matrix A s)) (mx m n (Matrix B s)) (mx n m (Matrix C s)) (mx n n (Matrix D s)).
Proof.
apply/matrixP => i j; rewrite [in LHS]mx_at /= at2_block.
case: (splitP i) => i' ei; case: (splitP j) => j' ej; rewrite ei ej ?ltn_ord;
  rewrite ?ltnNge ?leq_addr /= ?addKn ?ltn_ord -?ltnNge ?ltn_ord;
  [have -> : i = lshift n i' by apply: val_inj | have -> : i = lshift n i' by apply: val_inj
  |have -> : i = rshift m i' by apply: val_inj | have -> : i = rshift m i' by apply: val_inj];
  [have -> : j = lshift n j' by apply: val_inj | have -> : j = rshift m j' by apply: val_inj
  |have -> : j = lshift n j' by apply: val_inj | have -> : j = rshift m j' by apply: val_inj];
  by rewrite ?block_mxEul ?block_mxEur ?block_mxEdl ?block_mxEdr !mx_at.
Qed.

Lemma mx_nil m n s : mx m n (Matrix [::] s) = 0.
Proof. by apply/matrixP => i j; rewrite !mxA /= at2_nil mul0r. Qed.

Lemma mx_block n A B C D :
  mx (n + n) (n + n) (mblock n A B C D) = block_mx (mx n n A) (mx n n B) (mx n n C) (mx n n D).
Proof.
by rewrite /mblock !mxD !mx_tblock !mx_nil !add_block_mx !addr0 !add0r; case: A B C D => [? ?] [? ?] [? ?] [? ?].
Qed.

(** Equal tables, once transposed. *)
Definition symmetrical n A := teq (transpose n (entries A)) (entries A).

Lemma symmetricalP n A : symmetrical n A -> symmetric (mx n n A).
Proof.
move/teqP => e; apply/matrixP => i j; rewrite !mxA -[in RHS]e at2_transpose ltn_ord; congr (_ / _).
Qed.

End Meaning.
