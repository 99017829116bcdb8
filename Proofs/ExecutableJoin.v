(** The metric of an assembly, blkdiag(theta_i M_i), from those of its components: somebody puts it together, and each
    block of it is looked at. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks
  ExecutableAbsoluteValue ExecutableDense ExecutableRestriction ExecutableGauges ExecutableAssembly.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Blocks.
Variables (R : realFieldType) (n p : nat) (s : 'I_p -> nat) (u : forall i, 'I_(s i) -> 'I_n).
Hypothesis uP : components u.
Local Notation block := (block (R := R) u).
Local Notation piece := (piece u).
Implicit Types (X Y : 'M[R]_n) (f : forall i, 'M[R]_(s i)).

Lemma block_inj X Y : (forall i j, block i j X = block i j Y) -> X = Y.
Proof.
move=> e; case: (uP) => place _ placeK; apply/matrixP => k l.
rewrite -(placeK k) -(placeK l) /unit_at; case: (place k) => i b; case: (place l) => j c /=.
by rewrite -!blockE e.
Qed.

Lemma block_mul i j X Y : block i j (X *m Y) = \sum_k block i k X *m block k j Y.
Proof.
apply/matrixP => b c; rewrite blockE mxE summxE (sum_units uP); apply: eq_bigr => k _.
by rewrite mxE; apply: eq_bigr => d _; rewrite !blockE.
Qed.

Lemma block_tr i j X : block i j X^T = (block j i X)^T.
Proof. by apply/matrixP => b c; rewrite blockE [LHS]mxE [RHS]mxE blockE. Qed.

(** X has the blocks f_i, and no others. *)
Definition has_blocks X f := (forall i, block i i X = f i) /\ (forall i j, i != j -> block i j X = 0).

Lemma has_blocks_inj X Y f : has_blocks X f -> has_blocks Y f -> X = Y.
Proof.
move=> [x x0] [y y0]; apply: block_inj => i j; case: (eqVneq i j) => [->|ij]; first by rewrite x y.
by rewrite x0 ?y0.
Qed.

Lemma blocks_mul X Y f g : has_blocks X f -> has_blocks Y g -> has_blocks (X *m Y) (fun i => f i *m g i).
Proof.
move=> [x x0] [y y0]; split=> [i|i j ij]; rewrite block_mul.
  by rewrite (bigD1 i) //= x y big1 ?addr0 // => k ki; rewrite x0 ?mul0mx // eq_sym.
apply: big1 => k _; case: (eqVneq i k) => [ik|ik]; last by rewrite x0 ?mul0mx.
by rewrite [X in _ *m X]y0 ?mulmx0 // -ik.
Qed.

Lemma blocks_tr X f : has_blocks X f -> has_blocks X^T (fun i => (f i)^T).
Proof. by move=> [x x0]; split=> [i|i j ij]; rewrite block_tr ?x ?x0 ?trmx0 // eq_sym. Qed.

Lemma blocks_ext X f g : (forall i, f i = g i) -> has_blocks X f -> has_blocks X g.
Proof. by move=> e [x x0]; split=> // i; rewrite x. Qed.

Lemma blocks_one : has_blocks 1%:M (fun i => 1%:M).
Proof. by split=> [i|i j ij]; rewrite ?block1 ?block_off1. Qed.

Lemma blocks_sum (c : 'I_p -> R) f : has_blocks (\sum_i c i *: padded u f i) (fun i => c i *: f i).
Proof.
have e i j k : block i j (padded u f k) = block i k 1%:M *m f k *m block k j 1%:M.
  by rewrite /padded /Components.block !mulmx1 !mulmxA.
have sum i j : block i j (\sum_k c k *: padded u f k) = \sum_k c k *: (block i k 1%:M *m f k *m block k j 1%:M).
  elim/big_rec2: _ => [|k x y _ IH]; first by rewrite /Components.block mulmx0 mul0mx.
  by rewrite blockD blockZ e IH.
split=> [i|i j ij]; rewrite sum.
  rewrite (bigD1 i) //= block1 // mul1mx mulmx1 big1 ?addr0 // => k ki.
  by rewrite block_off1 ?mul0mx ?scaler0 // eq_sym.
apply: big1 => k _; case: (eqVneq i k) => [ik|ik]; last by rewrite block_off1 ?mul0mx ?scaler0.
by rewrite [X in _ *m X]block_off1 ?mulmx0 ?scaler0 // -ik.
Qed.

Lemma blocks_posdef_unit X f : has_blocks X f -> (forall i, f i \in unitmx) -> X \in unitmx.
Proof.
move=> x uf; have y := blocks_sum (fun=> 1) (fun i => invmx (f i)).
have xy := blocks_mul x y; have : X *m (\sum_i 1 *: padded u (fun i => invmx (f i)) i) = 1%:M.
  apply: (has_blocks_inj (f := fun i => 1%:M)); last exact: blocks_one.
  by apply: blocks_ext xy => i; rewrite scale1r mulmxV.
by case/mulmx1_unit.
Qed.

Lemma blocks_image X f i e : has_blocks X f -> piece i (X *m e) = f i *m piece i e.
Proof.
move=> [x x0]; rewrite piece_image // (bigD1 i) //= x big1 ?addr0 // => j ji.
by rewrite x0 ?mul0mx // eq_sym.
Qed.

Lemma qf_has_blocks X f e : has_blocks X f -> qf X e = \sum_i qf (f i) (piece i e).
Proof.
move=> x; rewrite /qf /bf /dot (sum_units uP); apply: eq_bigr => i _; apply: eq_bigr => b _.
by rewrite -(blocks_image i e x) !pieceE.
Qed.

Lemma qf_diag_pieces (d : 'rV[R]_n) e : qf (diag_mx d) e = \sum_i qf (diag_mx (row_piece u i d)) (piece i e).
Proof.
rewrite qf_diag (sum_units uP); apply: eq_bigr => i _; rewrite qf_diag; apply: eq_bigr => b _.
by rewrite mxE pieceE.
Qed.

End Blocks.

Section Programs.
Variables (N : network) (a : assembly) (gauges_ : seq gauge) (J : gauge).
Local Notation n := (units N).
Local Notation p := (size (parts a)).
Local Notation G i := (nth no_gauge gauges_ i).
Local Notation s i := (size (part_ (parts a) i)).

(** X has the blocks f i, and no others. *)
Definition blocks_shown X (f : nat -> matrix) := pairs_ a (fun i j =>
  let B := between_parts a X i j in vanishes (if i == j then msub B (f i) else B)).

(** d <= theta_i d_i, or the other way. *)
Definition each_unit (P : quotient -> quotient -> bool) d (f : gauge -> vector) (c : nat -> quotient) :=
  all (fun i => let d' := vsub_ (part_ (parts a) i) d in
    all (fun k => P (entry d' k) (qmul (c i) (entry (f (G i)) k))) (iota 0 (s i))) (iota 0 p).

Definition joins_bounds :=
  each_unit qle (lowest J) lowest (theta a) && each_unit (fun x y => qle y x) (highest J) highest (theta a).

Definition joins :=
  [&& joins_bounds, each_unit qle (floor J) floor (theta a),
      blocks_shown (whole_factor n (numerator J)) (fun i => mscale (theta a i) (whole_factor (s i) (numerator (G i)))) &
      blocks_shown (whole_factor n (denominator J)) (fun i => whole_factor (s i) (denominator (G i)))].

End Programs.

Section Meaning.
Variables (R : realFieldType) (N : network) (a : assembly).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).
Local Notation p := (size (parts a)).
Local Notation n := (units N).
Hypothesis whole : partitions n (parts a).
Variable k0 : 'I_n.
Local Notation u := (@unit_ n k0 (parts a)).
Local Notation s := (@size_ (parts a)).
Local Notation block := (block (R := R) u).
Let uP := parts_components k0 whole.
Variables (gauges_ : seq gauge) (J : gauge).
Local Notation G i := (nth no_gauge gauges_ i).
Variable M : forall i : 'I_p, 'M[R]_(s i).
Local Notation v := (rv p (columns a)).
Local Notation w := (rv p (rows a)).
Hypotheses (v0 : positive v) (w0 : positive w).

Let th (i : 'I_p) : R := w 0 i / v 0 i.
Let th0 i : 0 <= th i. Proof. by rewrite ltW // divr_gt0. Qed.
Let thE (i : 'I_p) : qr (theta a i) = th i. Proof. exact: thetaE. Qed.

Lemma blocks_shownP X f : blocks_shown a X f -> has_blocks u (mx n n X) (fun i => mx (s i) (s i) (f i)).
Proof.
move=> /pairsP h; split=> [i|i j ij]; have := h.
  move=> /(_ i i); rewrite eqxx => /(@vanishesP R (s i) (s i)); rewrite mxB (mx_msub k0 whole) => /eqP.
  by rewrite subr_eq0 => /eqP.
move=> /(_ i j); have -> : (i == j :> nat) = false by apply/negbTE.
by move=> /(@vanishesP R (s i) (s j)); rewrite (mx_msub k0 whole).
Qed.

Lemma each_unitP P d f c : each_unit a gauges_ P d f c -> forall (i : 'I_p) (b : 'I_(s i)),
  exists2 x, qr x = rv n d 0 (u b) & P x (qmul (c i) (entry (f (G i)) b)).
Proof.
move=> /all_parts h i b; have /allP := h i => /(_ b); rewrite mem_iota add0n ltn_ord => /(_ isT).
exists (entry (vsub_ (part_ (parts a) i) d) b) => //.
by rewrite -rv_at (rv_vsub k0 whole) mxE.
Qed.

Lemma joined_bounds : (forall i : 'I_p, bounded (lowest (G i)) (highest (G i)) (M i)) -> joins_bounds a gauges_ J ->
  bounded (lowest J) (highest J) (blocks u M v w).
Proof.
move=> known /andP[/each_unitP lo /each_unitP up].
have pM i : posdef (M i) by have [] := known i.
have form e : qf (blocks u M v w) e = \sum_i th i * qf (M i) (piece u i e) by rewrite /qf bf_blocks.
split; first exact: blocks_posdef.
- move=> e; rewrite form (qf_diag_pieces uP); apply: ler_sum => i _.
  have [_ l _] := known i; apply: (le_trans _ (ler_wpmul2l (th0 i) (l _))).
  rewrite !qf_diag mulr_sumr; apply: ler_sum => b _; rewrite [X in _ <= X]mulrA; apply: ler_wpmul2r;
    first exact: sqr_ge0.
  have [x xE] := lo i b; rewrite -(qr_le R) qrM thE xE mxE !rv_at; exact.
move=> e; rewrite form (qf_diag_pieces uP); apply: ler_sum => i _.
have [_ _ l] := known i; apply: (le_trans (ler_wpmul2l (th0 i) (l _))).
rewrite !qf_diag mulr_sumr; apply: ler_sum => b _; rewrite [X in X <= _]mulrA; apply: ler_wpmul2r; first exact: sqr_ge0.
have [x xE] := up i b; rewrite -(qr_le R) qrM thE xE mxE !rv_at; exact.
Qed.

Theorem joined_gauges : (forall i : 'I_p, gauges (G i) (M i)) -> joins N a gauges_ J -> gauges J (blocks u M v w).
Proof.
move=> known /and4P[b /each_unitP fl /blocks_shownP hA /blocks_shownP hB].
have {}hA : has_blocks u (fx R n (numerator J)) (fun i => th i *: fx R (s i) (numerator (G i))).
  by rewrite -whole_factorE; apply: blocks_ext hA => i; rewrite mxZ whole_factorE thE.
have {}hB : has_blocks u (fx R n (denominator J)) (fun i => fx R (s i) (denominator (G i))).
  by rewrite -whole_factorE; apply: blocks_ext hB => i; rewrite whole_factorE.
have hM : has_blocks u (blocks u M v w) (fun i => th i *: M i) := blocks_sum uP th M.
have hK := blocks_mul uP hA hB.
split.
- by apply: joined_bounds => // i; have [] := known i.
- split=> //.
  + apply: (has_blocks_inj uP (blocks_tr hA)); apply: blocks_ext hA => i.
    by have [_ [sA _ _ _] _ _] := known i; rewrite linearZ /= sA.
  + apply: (has_blocks_inj uP (blocks_tr hB)); apply: blocks_ext hB => i.
    by have [_ [_ sB _ _] _ _] := known i; rewrite sB.
  apply: (has_blocks_inj uP (blocks_mul uP hB hM)); apply: blocks_ext hA => i.
  by have [_ [_ _ BM _] _ _] := known i; rewrite -scalemxAr BM.
- by apply: (blocks_posdef_unit uP hB) => i; have [] := known i.
move=> e; rewrite (qf_has_blocks uP e hK) (qf_diag_pieces uP); apply: ler_sum => i _.
have [_ _ _ l] := known i; rewrite -scalemxAl /qf bfMZ -/(qf _ _).
apply: (le_trans _ (ler_wpmul2l (th0 i) (l _))).
rewrite -/(qf _ _) !qf_diag mulr_sumr; apply: ler_sum => c _; rewrite [X in _ <= X]mulrA; apply: ler_wpmul2r;
  first exact: sqr_ge0.
have [x xE] := fl i c; rewrite -(qr_le R) qrM thE xE mxE !rv_at; exact.
Qed.

End Meaning.
