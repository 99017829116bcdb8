(** The refutation unstable-vertex with reason inertia as a program (theory F4). *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms Instability.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableRefutation.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** A vector as a column. *)
Definition column v := Matrix (map (fun z => [:: z]) (coordinates v)) (over v).

Section Programs.
Variables (propose : proposer) (N : network).
Local Notation n := (units N).

(** M symmetric, x not 0 and x^T M x <= 0. *)
Definition not_positive M x :=
  let X := column x in
  [&& symmetrical n M, has (fun i => ~~ Z.eqb (at1 (coordinates x) i) Z0) (iota 0 n) &
      Z.leb (at2 (entries (mmul n 1 (mtr 1 X) (mmul n 1 M X))) 0%N 0%N) Z0].

Definition flow_inertia p active M x c :=
  let MA := mmul n n M (mrows p (jacobian N active)) in
  [&& has_paces N p, slope_zero N, not_positive M x, qle q0 c &
      pd propose n (msub (mscale (qmul q2 c) M) (madd MA (mtr n MA)))].

Definition run_inertia s active M x c :=
  let A := madd (mscalar n q1) (mrows s (jacobian N active)) in
  [&& has_steps N s, slope_zero N, not_positive M x, qle q1 c &
      pd propose n (msub (mscale (qmul c c) M) (mmul n n (mmul n n (mtr n A) M) A))].

Section Meaning.
Variable R : archiFieldType.
Local Notation qr := (qr R).
Local Notation zr := (zr R).
Local Notation mx := (mx R n n).
Hypothesis ok : sensible N.

Lemma not_positiveP M x : not_positive M x ->
  [/\ symmetric (mx M), ExecutableMatrices.mx R n 1 (column x) != 0 &
      qf (mx M) (ExecutableMatrices.mx R n 1 (column x)) <= 0].
Proof.
case/and3P=> sM /hasP[i i_n xi] q; split; first exact: symmetricalP.
  move: i_n; rewrite mem_iota add0n => /andP[_ i_n].
  have xE : at2 (entries (column x)) i 0 = at1 (coordinates x) i.
    by rewrite /at2 /=; elim: (coordinates x) (i) => [|y ys IH] [|k] //=; rewrite ?at1_nil //; apply: IH.
  apply/eqP => /(congr1 (fun v : 'cV[R]_n => v (Ordinal i_n) 0)); rewrite mxE mx_at xE => /eqP.
  by rewrite mulf_eq0 invr_eq0 (negbTE (zr_pos0 _ _)) orbF -(zr0 R) zr_eq (negbTE xi).
rewrite /qf /bf dotE.
have -> : ((ExecutableMatrices.mx R n 1 (column x))^T *m (mx M *m ExecutableMatrices.mx R n 1 (column x)))
    = ExecutableMatrices.mx R 1 1 (mmul n 1 (mtr 1 (column x)) (mmul n 1 M (column x))) by rewrite !mxM mxT.
by rewrite mx_at mulr_le0_ge0 ?invr_ge0 ?(ltW (zr_pos _ _)) // -(zr0 R) zr_le.
Qed.

Theorem flow_inertiaP p active M x c : flow_inertia p active M x c -> flow_refuted N R.
Proof.
case/and5P=> hp z /not_positiveP[sM x0 Mx] /(qr_nonneg R) c0 /(@pdP _ R)[_ dec].
apply: (inertia (A := diag_mx (pace R N) *m mx (jacobian N active)) _ c0 x0 sM Mx).
  by exists (mx (jacobian N active)) => //; apply: jacobian_linear.
move=> e /dec; rewrite mxB mxD mxT mxM mx_rows mxZ qrM qr2 (pacesP R ok hp).
by rewrite trmx_mul sM opprD addrA.
Qed.

Theorem run_inertiaP s active M x c : run_inertia s active M x c -> run_refuted N R.
Proof.
case/and5P=> hs z /not_positiveP[sM x0 Mx]; rewrite -(qr_le R) qr1 => c1 /(@pdP _ R)[_ dec].
pose J := 1%:M + diag_mx (step R N) *m mx (jacobian N active).
have FJ : run R N J by apply: (@run_member N R ok s active).
apply: (inertia_map FJ c1 x0 Mx) => e /dec; set A := madd _ _; rewrite /J.
have -> : 1%:M + diag_mx (step R N) *m mx (jacobian N active) = mx A.
  by rewrite /A mxD mx_scalar qr1 mx_rows (stepsP R ok hs).
by rewrite mxB mxZ !mxM mxT qrM.
Qed.

End Meaning.
End Programs.
