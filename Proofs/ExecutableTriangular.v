(** The rule triangular as a program, for the flow and for Euler steps. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Triangular.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableAbsoluteValue
  ExecutableUniform.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Row i meets only units of earlier places than its own; the first entry is that of unit j. *)
Fixpoint earlier j i place (row places : seq Z) :=
  if row is x :: row' then
    [|| j == i, Z.eqb x Z0 | Z.ltb (head Z0 places) place] && earlier j.+1 i place row' (behead places)
  else true.

(** An entry other than the i-th that is not 0. *)
Fixpoint linked j i (row : seq Z) :=
  if row is x :: row' then (j != i) && ~~ Z.eqb x Z0 || linked j.+1 i row' else false.

Definition ordered n (B : matrix) (places : seq Z) (slack : nat -> quotient) :=
  let Bt := transpose n (entries B) in
  all (fun i => [&& Z.leb Z0 (at1 places i), earlier 0%N i (at1 places i) (nth [::] (entries B) i) places,
      qle (qof Z0) (slack i) &
      (qlt (qof Z0) (slack i)) ||
      ~~ (linked 0%N i (nth [::] (entries B) i) || linked 0%N i (nth [::] Bt i))]) (iota 0 n).

Definition triangular_rate (N : network) places lam :=
  let C := centre N in let R := radius N in
  ordered (units N) (madd (mabs C) R) places
    (fun i => qopp (qadd (qadd (at_ C i i) (at_ R i i)) (qmul lam (entry (times N) i)))).

Definition triangular_factor (N : network) places s rho :=
  let B := map_bound N s in ordered (units N) B places (fun i => qsub rho (at_ B i i)).

Lemma earlierP k i p row places j : earlier k i p row places -> (k + j)%N != i -> at1 row j <> Z0 ->
  Z.lt (at1 places j) p.
Proof.
elim: row k places j => [|x row IH] k places [|j] /=; rewrite ?at1_nil //.
  by case/andP=> /or3P[/eqP->|/Z.eqb_eq->|/Z.ltb_lt] //; rewrite ?addn0 ?eqxx // at1_head.
by case/andP=> _ /IH {}IH ij xj; have := IH j; rewrite at1_behead addSnnS; apply.
Qed.

Lemma linkedP k i row j : (k + j)%N != i -> at1 row j <> Z0 -> linked k i row.
Proof.
elim: row k j => [|x row IH] k [|j] /=; rewrite ?at1_nil //.
  by rewrite addn0 /at1 /= => -> /Z.eqb_neq ->.
by move=> ij xj; rewrite (IH k.+1 j) ?orbT // addSnnS.
Qed.

Section Meaning.
Variables (R : realFieldType) (N : network).
Local Notation n := (units N).
Local Notation qr := (qr R).
Local Notation mx := (mx R).

Lemma mx_nonzero B (i j : 'I_n) : mx n n B i j != 0 -> at2 (entries B) i j <> Z0.
Proof. by rewrite mx_at; apply: contra_neq_not => ->; rewrite mul0r. Qed.

(** What [ordered] says, for both directions of [ordered_scaling]. *)
Lemma orderedP B places slack (place := fun i : 'I_n => Z.to_nat (at1 places i)) : ordered n B places slack ->
  (forall i j : 'I_n, i != j -> mx n n B i j != 0 -> (place j < place i)%N) /\
  (forall i : 'I_n, 0 <= qr (slack i)) /\
  (forall i j : 'I_n, i != j -> mx n n B i j != 0 -> 0 < qr (slack i) /\ 0 < qr (slack j)).
Proof.
move=> ord; have facts (i : 'I_n) := and4P (all_units ord i).
split=> [i j ij /mx_nonzero Bij|].
  have [pi ei _ _] := facts i; have [pj _ _ _] := facts j; move/earlierP: ei => /(_ j) h.
  have /h/(_ Bij) : (0 + j)%N != i :> nat by rewrite add0n eq_sym.
  by rewrite /place; lia.
split=> [i|i j ij Bij0]; first by have [_ _ s0 _] := facts i; apply: qr_nonneg.
have Bij := mx_nonzero Bij0; have [_ _ _ si] := facts i; have [_ _ _ sj] := facts j.
have li : linked 0%N i (nth [::] (entries B) i) by apply: linkedP Bij; rewrite add0n eq_sym.
have lj : linked 0%N j (nth [::] (transpose n (entries B)) j).
  by apply: (@linkedP _ _ _ i); rewrite ?add0n // -/(at2 _ _ _) at2_transpose ltn_ord.
by split; apply: qr_positive; [move: si; rewrite li orbF | move: sj; rewrite lj orbT orbF].
Qed.

Lemma radius_ge0 : sensible N -> forall i j : 'I_n, 0 <= mx n n (radius N) i j.
Proof.
move=> ok i j; have [_ lg lg' _] := sensible_facts R ok.
by rewrite radiusE addr_ge0 // mulr_ge0 // qrM qrD qrN qr_half mulr_ge0 ?invr_ge0 ?ler0n // subr_ge0.
Qed.

Lemma compare_ge0 : sensible N -> forall i j : 'I_n, 0 <= mx n n (madd (mabs (centre N)) (radius N)) i j.
Proof. by move=> ok i j; rewrite mxD mxE mx_abs addr_ge0 ?normr_ge0 ?radius_ge0. Qed.

Theorem triangular_rateP places lam :
  sensible N -> qlt (qof Z0) lam -> triangular_rate N places lam -> flow_claim R N lam.
Proof.
move=> ok l0 /orderedP[order [slack0 linked]]; have c0 := compare_ge0 ok.
have off (i j : 'I_n) : i != j ->
    compare_matrix R N i j = mx n n (madd (mabs (centre N)) (radius N)) i j.
  by rewrite mxE => /negbTE->.
have slackE (i : 'I_n) :
    qr (qopp (qadd (qadd (at_ (centre N) i i) (at_ (radius N) i i)) (qmul lam (entry (times N) i))))
    = 1 - compare_matrix R N i i - qr lam / pace R N 0 i.
  by rewrite qrN !qrD qrM !at_E !mxE eqxx invrK /tau; ring.
have [v [w [v0 w0 c]]] : exists v w, [/\ positive v, positive w &
    certifies (paced (pace R N) (linear R N)) (diag_mx (scaling (pace R N) v w)) (qr lam)].
  apply: (triangular (N := compare_matrix R N) (place := fun i : 'I_n => Z.to_nat (at1 places i))).
  - exact: pace_gt0.
  - by move=> A; apply: linear_compared.
  - by move=> i j ij; rewrite off.
  - by move=> i j ij; rewrite off //; apply: order.
  - by move=> i; rewrite -slackE; apply: slack0.
  - by move=> i j ij; rewrite off // -!slackE; apply: linked.
by exists (diag_mx (scaling (pace R N) v w)); split=> //; apply: qr_positive.
Qed.

Theorem triangular_factorP places s rho :
  sensible N -> has_steps N s -> qle (qof Z0) rho -> qlt rho (qof (Zpos 1)) ->
  triangular_factor N places s rho -> run_claim R N rho.
Proof.
move=> ok hs r0 r1 /orderedP[order [slack0 linked]]; set B := map_bound N s in order slack0 linked.
have B0 i j : 0 <= mx n n B i j.
  rewrite /B /map_bound mxD mxE mx_abs addr_ge0 ?normr_ge0 // mx_rows mul_diag_mx mxE (stepsP R ok hs).
  by rewrite mulr_ge0 ?(ltW (step_gt0 R ok hs i)) // radius_ge0.
pose place (i : 'I_n) := Z.to_nat (at1 places i).
pose slack : 'rV[R]_n := \row_i (qr rho - mx n n B i i).
have slackE (i : 'I_n) : slack 0 i = qr (qsub rho (at_ B i i)) by rewrite mxE qrB at_E.
have s0 i : 0 <= slack 0 i by rewrite slackE; apply: slack0.
have [v v0 hv] : exists2 v, positive v & forall i, \sum_(j | j != i) mx n n B i j * v 0 j <= slack 0 i * v 0 i.
  apply: (ordered_scaling (place := place)) => // i j ij Bij.
  by rewrite slackE; have [] := linked i j ij Bij.
have [w w0 hw] : exists2 w, positive w & forall i, \sum_(j | j != i) (mx n n B)^T i j * w 0 j <= slack 0 i * w 0 i.
  pose back i := (\max_j place j - place i)%N.
  apply: (ordered_scaling (place := back)) => // [i j ij|i j ij|i j ij]; rewrite ?mxE ?slackE //.
    move=> Bji; have lt : (place i < place j)%N by apply: order; rewrite // eq_sym.
    by rewrite /back ltn_sub2l // (leq_trans lt) // (leq_bigmax j).
  by move=> Bji; have [|_] := linked j i _ Bji; rewrite ?qrB ?at_E // eq_sym.
exists (diag_mx (\row_i (w 0 i / v 0 i))); rewrite /run_by (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> //.
apply: (absolute_value_map (B := mx n n B) (rows := qr rho) (columns := qr rho)) => //; first exact: qr_nonneg.
- by move=> A; apply: run_bound.
- move=> i; rewrite ler_pdivr_mulr // (bigD1 i) //=; have := hv i; rewrite mxE mulrBl.
  by rewrite ler_subr_addl.
move=> j; rewrite ler_pdivr_mulr // (bigD1 j) //=; have := hw j; rewrite [slack 0 j]mxE mulrBl.
by rewrite ler_subr_addl; apply: le_trans; rewrite ler_add2l; apply: ler_sum => i _; rewrite mxE.
Qed.

End Meaning.
