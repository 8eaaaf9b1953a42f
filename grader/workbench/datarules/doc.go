/*
Package datarules checks training data of reinforcement fine-tuning against the rules
of the services that read it. It reads each file once, line by line, and keeps of a
record no more than hashes, so files may be larger than the memory.

Where the sources of a rule disagree the level follows the more authoritative one: the
documentation and the model of the API are errors, samples and own judgement are
warnings. Each finding names its sources:

	documentation    the user guides of Bedrock, SageMaker AI and Amazon Nova
	API model        the service's model, as the SDKs ship it
	nova-forge-sdk   the validator of github.com/aws/nova-forge-sdk
	nova-samples     the validator of github.com/aws-samples/amazon-nova-samples
	bedrock-samples  the notebooks of github.com/aws-samples/amazon-bedrock-samples
	agent-toolkit    github.com/aws/agent-toolkit-for-aws
	judgement        what this project thinks prudent

Counts of tokens are estimates: a quarter of the characters.
*/
package datarules
